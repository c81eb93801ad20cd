import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct PolicyLossTests {
    init() { startEngine() }

    /// Completions of 2 and 1 tokens with ratios 2, 1/2 and 1/2, in a step of 4 completions and
    /// 6 tokens; advantages 1 and -1.
    private func result(_ loss: PolicyLoss) -> PolicyResult {
        let current = [log(0.5), log(0.25), log(0.25)]
        let old = [log(0.25), log(0.5), log(0.5)]
        let tokens = PolicyTokens(
            current: Tensor(current), old: Tensor(old), reference: Tensor(old),
            segments: TokenSegments(lengths: [2, 1]))
        return loss(
            tokens, advantages: Tensor([1.0, -1]), totals: StepTotals(completions: 4, tokens: 6))
    }

    // Clipped to [0.8, 1.2]: -min(2, 1.2) = -1.2, -min(0.5, 0.8) = -0.5, -min(-0.5, -0.8) = 0.8
    static let kinds: [(PolicyLoss.Kind, Double)] = [
        // (-1.7 / 2 + 0.8) / 4
        (.grpo, -0.0125),
        // -0.9 / 6
        (.bnpo, -0.15),
        (.dapo, -0.15),
        // -0.9 / (4 * 10)
        (.drGRPO, -0.0225),
        // Weights 0.2, 0.2, 0.2: -0.2 (log 1/2 + log 1/4 - log 1/4) / 6
        (.cispo, 0.0231049),
    ]

    @Test(arguments: kinds) func byHand(kind: PolicyLoss.Kind, expected: Double) {
        let result = result(PolicyLoss(kind, maxCompletionLength: 10))
        #expect(abs(result.loss.item(Double.self) - expected) < 1e-7)
    }

    @Test func clipsByHand() {
        // One of three ratios is over 1.2 with A > 0, one below 0.8 with A < 0; the completions'
        // shares are 0, 1 and 1/2, 0.
        let statistics = result(PolicyLoss()).statistics
        #expect(abs(statistics.lowMean - 1.0 / 3) < 1e-12)
        #expect(abs(statistics.highMean - 1.0 / 3) < 1e-12)
        #expect(abs(statistics.regionMean - 2.0 / 3) < 1e-12)
        #expect((statistics.lowMin, statistics.highMax) == (0, 0.5))
        #expect(PolicyStatistics().lowMin == nil)
        #expect(statistics.meanDivergence == nil)
    }

    @Test func sequenceByHand() {
        // Mean log ratios (log 2 - log 2) / 2 = 0 and log 1/2: losses -1, -1 and 0.8.
        let result = result(PolicyLoss(.dapo, importanceLevel: .sequence))
        #expect(abs(result.loss.item(Double.self) + 0.2) < 1e-7)
        #expect((result.statistics.lowMean, result.statistics.highMean) == (0.5, 0))
    }

    @Test func deltaByHand() {
        // A < 0: without delta -min(-2, -1.2) = 2, with delta 1.5 it is 1.5.
        let tokens = PolicyTokens(
            current: Tensor([log(0.5)]), old: Tensor([log(0.25)]),
            segments: TokenSegments(lengths: [1]))
        let totals = StepTotals(completions: 1, tokens: 1)
        for (delta, expected) in [(nil, 2), (1.5, 1.5)] as [(Double?, Double)] {
            let loss = PolicyLoss(delta: delta)(tokens, advantages: Tensor([-1.0]), totals: totals)
            #expect(abs(loss.loss.item(Double.self) - expected) < 1e-7)
        }
    }

    @Test func divergenceByHand() {
        // r = -log 2, log 2, log 2: k3 = 1/2 - 1 + log 2, 2 - 1 - log 2 twice;
        // with the ratios 2, 1/2, 1/2: 0.3862944 + 0.3068528, without 0.8068528
        for (corrects, sum) in [(true, 0.6931472), (false, 0.8068528)] {
            let result = result(PolicyLoss(beta: 0.5, correctsDivergence: corrects))
            #expect(abs(result.loss.item(Double.self) - (-0.15 + 0.5 * sum / 6)) < 1e-7)
            #expect(abs((result.statistics.meanDivergence ?? 0) - sum / 3) < 1e-7)
        }
    }

    @Test func agreesWithTRLHoweverCut() throws {
        for reference in try fixture("policy", as: File.self).grpo {
            try cutEveryWay(reference.policy, count: reference.lengths.count) { tokens, part in
                reference.result(tokens, part).loss
            }.expect(reference.loss, reference.gradient)
        }
    }

    @Test func statisticsAreThoseOfTRLHoweverCut() throws {
        for reference in try fixture("policy", as: File.self).grpo {
            for parts in [[0..<6], [0..<2, 2..<6], [0..<1, 1..<5, 5..<6]] {
                var statistics = PolicyStatistics()
                for part in parts {
                    let result = reference.result(Tensor(reference.policy), part)
                    statistics.add(result.statistics)
                }
                reference.expect(statistics)
            }
        }
    }

    @Test func namesAreThoseOfTRL() {
        let names = Set(PolicyLoss.Kind.allCases.map(\.rawValue))
        #expect(names == ["grpo", "bnpo", "dapo", "cispo", "dr_grpo"])
    }

    private struct File: Decodable { let grpo: [Case] }

    private struct Case: Decodable {
        let lossType: PolicyLoss.Kind, level: PolicyLoss.ImportanceLevel
        let epsilonLow: Double, epsilonHigh: Double, delta: Double?, beta: Double, corrected: Bool
        let lengths: [Int], policy: [Float], old: [Float], reference: [Float]
        let advantages: [Float], loss: Double, gradient: [Double], metrics: [String: Double]

        var objective: PolicyLoss {
            PolicyLoss(
                lossType, importanceLevel: level, epsilonLow: epsilonLow,
                epsilonHigh: epsilonHigh, delta: delta, beta: beta,
                correctsDivergence: corrected, maxCompletionLength: 9)
        }

        /// Some of the completions, of which `current` has all tokens.
        func result(_ current: Tensor, _ part: Range<Int>) -> PolicyResult {
            let range = Ragged(lengths: lengths).tokens(part)
            let tokens = PolicyTokens(
                current: current.slice(0, range), old: Tensor(old).slice(0, range),
                reference: beta == 0 ? nil : Tensor(reference).slice(0, range),
                segments: TokenSegments(lengths: Array(lengths[part])))
            return objective(
                tokens, advantages: Tensor(advantages).slice(0, part),
                totals: StepTotals(completions: lengths.count, tokens: policy.count))
        }

        func expect(_ statistics: PolicyStatistics) {
            if beta != 0 { #expect(agree(statistics.meanDivergence ?? 0, metrics["kl"])) }
            if lossType == .cispo {
                #expect(agree(statistics.highMean, metrics["cispo_clip_ratio"]))
                #expect(statistics.lowMean == 0)
            } else {
                #expect(agree(statistics.lowMean, metrics["clip_ratio/low_mean"]))
                #expect(agree(statistics.highMean, metrics["clip_ratio/high_mean"]))
                #expect(agree(statistics.regionMean, metrics["clip_ratio/region_mean"]))
                #expect(agree(statistics.lowMin ?? -1, metrics["clip_ratio/low_min"]))
                #expect(agree(statistics.highMax ?? -1, metrics["clip_ratio/high_max"]))
            }
        }
    }
}
