import Foundation
import Randomness
import Testing
import Torch
import TorchTestSupport

@testable import Generation

/// A vocabulary larger than the sampler's shortlist, against sorting all of it in f64.
struct SamplerShortlistTests {
    private static let size = 5000

    init() { startEngine() }

    /// Logits that fall off quickly (the shortlist is enough) or slowly (it is not).
    private func logits(_ seed: UInt64, spread: Double) -> [Float] {
        var random = RandomStream(seed: seed)
        return (0..<Self.size).map { _ in Float(random.uniform() * spread) }
    }

    /// Ranks by falling logit; the rank that a uniform number draws among those that stay.
    private func expected(
        _ logits: [Float],
        _ settings: SamplingSettings,
        _ uniforms: [Double]
    ) -> (rank: [Int32: Int], drawn: [Int]) {
        let order = logits.indices.sorted { logits[$0] > logits[$1] }
        var mass = order.map { exp(Double(logits[$0])) }
        if settings.topK > 0 { mass = Array(mass.prefix(settings.topK)) }
        let total = mass.reduce(0, +)
        let floor = settings.minP * mass[0]
        var (kept, sum) = ([Double](), 0.0)
        for share in mass where sum < settings.topP * total && share >= floor {
            kept.append(share)
            sum += share
        }
        let drawn = uniforms.map { uniform in
            var rest = uniform * sum
            return kept.firstIndex { share in
                rest -= share
                return rest < 0
            } ?? kept.count - 1
        }
        let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { (Int32($1), $0) })
        return (rank, drawn)
    }

    /// f32 may move a border between two neighbours, no more.
    @Test(arguments: [
        SamplingSettings(topP: 0.9), SamplingSettings(topP: 0.3), SamplingSettings(minP: 0.05),
        SamplingSettings(topP: 0.95, minP: 0.2), SamplingSettings(topK: 3000, topP: 0.9),
        SamplingSettings(topK: 3000), SamplingSettings(topK: 1500, minP: 0.9),
        SamplingSettings(topK: 50, topP: 0.9),
    ])
    func agreesWithAFullSort(settings: SamplingSettings) {
        var random = RandomStream(seed: 31)
        let uniforms = (0..<300).map { _ in random.uniform() }
        for spread in [0.5, 30] {
            let logits = logits(29, spread: spread)
            let (rank, ranks) = expected(logits, settings, uniforms)
            let rows = Tensor(rows: uniforms.map { _ in logits })
            let drawn = Sampler(settings: settings)
                .draw(rows, seen: uniforms.map { _ in [] }, uniforms: uniforms).tokens
            let far = zip(drawn, ranks).filter { token, expected in
                abs((rank[token] ?? .max) - expected) > 1
            }
            #expect(far.isEmpty)
        }
    }

    /// Many tokens of one logit, as bf16 gives them: the order of equals among the candidates is
    /// the same whoever needs a sort of all. And a row alone is summed as among others.
    @Test func equalsKeepTheirOrder() {
        var random = RandomStream(seed: 41)
        let sharp = (0..<49_152).map { place in
            place < 600 ? Float(8 + place % 3) : Float(random.uniform())
        }
        let flat = sharp.map { _ in Float(random.uniform() * 0.1) }
        let sampler = Sampler(settings: SamplingSettings(topP: 0.9))
        for _ in 0..<200 {
            let uniform = random.uniform()
            let alone = sampler.draw(
                Tensor(rows: [sharp]),
                seen: [[]],
                uniforms: [uniform]
            )
            let together = sampler.draw(
                Tensor(rows: [flat, sharp]),
                seen: [[], []],
                uniforms: [0.5, uniform]
            )
            #expect(alone.tokens[0] == together.tokens[1])
        }
    }

    /// A flat row makes the sampler sort everything; a sharp one beside it draws as it does alone.
    @Test func rowsOfABatchDoNotMeet() {
        let rows = [logits(1, spread: 40), logits(2, spread: 0.1)]
        let sampler = Sampler(settings: SamplingSettings(topP: 0.9))
        for uniform in [0, 0.2, 0.7, 0.99] {
            let together = sampler.draw(
                Tensor(rows: rows),
                seen: [[], []],
                uniforms: [uniform, uniform]
            )
            let alone = rows.map { row in
                sampler.draw(Tensor(rows: [row]), seen: [[]], uniforms: [uniform]).tokens[0]
            }
            #expect(together.tokens == alone)
        }
    }
}
