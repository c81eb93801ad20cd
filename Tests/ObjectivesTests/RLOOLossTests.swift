import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct RLOOLossTests {
    init() { startEngine() }

    private struct File: Decodable { let rloo: Case }

    private struct Case: Decodable {
        let epsilonLow: Double, epsilonHigh: Double, lengths: [Int]
        let policy: [Float], old: [Float], advantages: [Float]
        let loss: Double, gradient: [Double], metrics: [String: Double]

        /// Some of the completions, of which `current` has all tokens.
        func result(_ current: Tensor, _ part: Range<Int>) -> PolicyResult {
            let range = Ragged(lengths: lengths).tokens(part)
            let tokens = PolicyTokens(
                current: current.slice(0, range), old: Tensor(old).slice(0, range),
                segments: TokenSegments(lengths: Array(lengths[part])))
            return RLOOLoss(epsilonLow: epsilonLow, epsilonHigh: epsilonHigh)(
                tokens, advantages: Tensor(advantages).slice(0, part), normaliser: lengths.count)
        }
    }

    @Test func byHand() {
        // Ratios of completions: 2 * 2 = 4 with A = 1 is clipped to 1.2, 1/2 with A = 2 is not:
        // -(1.2 + 1) / 2
        let tokens = PolicyTokens(
            current: Tensor([log(0.5), log(0.5), log(0.25)]),
            old: Tensor([log(0.25), log(0.25), log(0.5)]),
            segments: TokenSegments(lengths: [2, 1]))
        let result = RLOOLoss()(tokens, advantages: Tensor([1.0, 2]), normaliser: 2)
        #expect(abs(result.loss.item(Double.self) + 1.1) < 1e-7)
        #expect(result.statistics.highMean == 0.5)
    }

    @Test func agreesWithTRLHoweverCut() throws {
        let reference = try fixture("policy", as: File.self).rloo
        try cutEveryWay(reference.policy, count: reference.lengths.count) { tokens, part in
            reference.result(tokens, part).loss
        }.expect(reference.loss, reference.gradient)
        var statistics = PolicyStatistics()
        for part in [0..<4, 4..<6] {
            statistics.add(reference.result(Tensor(reference.policy), part).statistics)
        }
        #expect(agree(statistics.lowMean, reference.metrics["clip_ratio/low_mean"]))
        #expect(agree(statistics.lowMin ?? -1, reference.metrics["clip_ratio/low_min"]))
        #expect(agree(statistics.highMean, reference.metrics["clip_ratio/high_mean"]))
        #expect(agree(statistics.highMax ?? -1, reference.metrics["clip_ratio/high_max"]))
        #expect(agree(statistics.regionMean, reference.metrics["clip_ratio/region_mean"]))
    }
}
