import Foundation
import Randomness
import Testing
import Torch
import TorchTestSupport

@testable import Generation

/// Probabilities 1/8, 1/2, 1/8 and 1/4 throughout, unless said otherwise.
struct SamplerTests {
    private static let logits: [Float] = [1.0 / 8, 1.0 / 2, 1.0 / 8, 1.0 / 4].map { Float(log($0)) }

    init() { startEngine() }

    /// The token that each uniform number draws.
    private func tokens(
        _ settings: SamplingSettings,
        _ uniforms: [Double],
        logits: [Float] = logits
    ) -> [Int32] {
        let rows = Tensor(rows: uniforms.map { _ in logits })
        let sampler = Sampler(settings: settings)
        return sampler.draw(rows, seen: uniforms.map { _ in [] }, uniforms: uniforms).tokens
    }

    @Test func plainDrawsFollowTheRunningSum() {
        // Running sums 0.125, 0.625, 0.75, 1.
        let uniforms = [0, 0.12, 0.13, 0.62, 0.63, 0.74, 0.76, 1 - 0x1p-53]
        #expect(tokens(SamplingSettings(), uniforms) == [0, 0, 1, 1, 2, 2, 3, 3])
    }

    /// Neither end of [0, 1) draws a token of no probability.
    @Test func impossibleTokensAreNeverDrawn() {
        let logits: [Float] = [-.infinity, 0, 1, -.infinity]
        let ends = [0, 1 - 0x1p-53]
        for settings in [
            SamplingSettings(), SamplingSettings(topP: 0.9999), SamplingSettings(topK: 4),
        ] {
            let drawn = tokens(settings, ends, logits: logits)
            #expect(Set(drawn).isSubset(of: [1, 2]))
        }
    }

    /// T = 1/2 squares, T = 2 takes roots of the shares.
    ///
    /// 1/64, 16/64, 1/64, 4/64 of 22/64: running sums 0.045, 0.773, 0.818, 1;
    /// roots: 0.354, 0.707, 0.354, 0.5 of 1.914; running sums 0.185, 0.554, 0.739, 1.
    @Test func temperatureByHand() {
        let uniforms = [0.04, 0.05, 0.76, 0.78, 0.81, 0.83]
        #expect(tokens(SamplingSettings(temperature: 0.5), uniforms) == [0, 1, 1, 2, 2, 3])
        let others = [0.18, 0.19, 0.55, 0.56, 0.73, 0.75]
        #expect(tokens(SamplingSettings(temperature: 2), others) == [0, 1, 1, 2, 2, 3])
    }

    @Test func zeroTemperatureTakesTheBest() {
        #expect(tokens(.greedy(), [0, 0.5, 0.999]) == [1, 1, 1])
        #expect(tokens(SamplingSettings(temperature: 1e-4), [0, 0.5, 1 - 0x1p-53]) == [1, 1, 1])
    }

    /// Without the best token the others share what is left: 1/4, 1/4, 1/2.
    @Test func excludedTokensAreNotDrawn() {
        let uniforms = [0, 0.24, 0.26, 0.49, 0.51, 0.999]
        let rows = Tensor(rows: uniforms.map { _ in Self.logits })
        for (settings, expected) in [
            (SamplingSettings(), [0, 0, 2, 2, 3, 3]),
            (SamplingSettings(topK: 1), [3, 3, 3, 3, 3, 3]), (.greedy(), [3, 3, 3, 3, 3, 3]),
        ] {
            let drawn = Sampler(settings: settings, excluded: [1])
                .draw(rows, seen: uniforms.map { _ in [] }, uniforms: uniforms)
            #expect(drawn.tokens == expected.map(Int32.init))
            // Log-probabilities are of the untouched logits all the same.
            let last = expected.last == 3 ? 1.0 / 4 : 1.0 / 8
            #expect(abs(drawn.logProbabilities[5] - Float(log(last))) < 1e-5)
        }
    }

    /// Of 1/2 and 1/4 the first has 2/3; candidates are in falling order.
    @Test func topKByHand() {
        #expect(tokens(SamplingSettings(topK: 2), [0, 0.66, 0.67, 0.999]) == [1, 1, 3, 3])
        #expect(tokens(SamplingSettings(topK: 1), [0, 0.999]) == [1, 1])
        #expect(Set(tokens(SamplingSettings(topK: 9), [0.1, 0.6, 0.8, 0.9])) == [0, 1, 2, 3])
    }

    @Test func topPByHand() {
        #expect(tokens(SamplingSettings(topP: 0.45), [0, 0.999]) == [1, 1])
        // 1/2 does not reach 0.7, with 1/4 it does.
        #expect(tokens(SamplingSettings(topP: 0.7), [0.66, 0.67, 0.999]) == [1, 3, 3])
        // After top-k 2 the first has 2/3 of the mass, which reaches 0.6.
        #expect(tokens(SamplingSettings(topK: 2, topP: 0.6), [0, 0.999]) == [1, 1])
    }

    @Test func minPByHand() {
        // 0.3 of 1/2 is 0.15: 1/4 stays, 1/8 goes.
        #expect(tokens(SamplingSettings(minP: 0.3), [0.66, 0.67, 0.999]) == [1, 3, 3])
        #expect(tokens(SamplingSettings(minP: 0.6), [0, 0.999]) == [1, 1])
    }

    /// Seen tokens 0 and 2 at penalty 2: 2 becomes 1, -1 becomes -2; the best is then token 1.
    @Test func repetitionPenaltyByHand() {
        let logits = Tensor(rows: [[2, 1.5, -1, -2], [2, 1.5, -1, -2]])
        var settings = SamplingSettings.greedy()
        settings.repetitionPenalty = 2
        let drawn = Sampler(settings: settings)
            .draw(logits, seen: [[0, 2, 0], [3]], uniforms: [0, 0])
        #expect(drawn.tokens == [1, 0])
        // log-probabilities are those of the untouched logits: 1.5 and 2 less
        // log(e^2 + e^1.5 + e^-1 + e^-2) = 2.5155944.
        #expect(abs(drawn.logProbabilities[0] - (1.5 - 2.5155944)) < 1e-5)
        #expect(abs(drawn.logProbabilities[1] - (2 - 2.5155944)) < 1e-5)
    }

    /// The penalty reaches the draws too: shares e^1, e^1.5, e^-2, e^-2 of 7.4706.
    @Test func penaltyChangesTheDraw() {
        var settings = SamplingSettings()
        settings.repetitionPenalty = 2
        let logits = Tensor(rows: [[2, 1.5, -1, -2], [2, 1.5, -1, -2]])
        let drawn = Sampler(settings: settings)
            .draw(logits, seen: [[0, 2], [0, 2]], uniforms: [0.36, 0.37])
        #expect(drawn.tokens == [0, 1])
    }

    /// 20,000 draws of eight tokens: chi-square with 7 degrees of freedom is below 29.9 but for
    /// one seed in ten thousand.
    @Test func frequenciesFollowTheProbabilities() {
        let shares = [0.3, 0.2, 0.15, 0.12, 0.1, 0.06, 0.05, 0.02]
        var random = RandomStream(seed: 23)
        let uniforms = (0..<20_000).map { _ in random.uniform() }
        for settings in [
            SamplingSettings(), SamplingSettings(topK: 8), SamplingSettings(minP: 0.01),
        ] {
            let drawn = tokens(settings, uniforms, logits: shares.map { Float(log($0)) })
            var counts = [Int](repeating: 0, count: 8)
            for token in drawn { counts[Int(token)] += 1 }
            let statistic = zip(counts, shares).reduce(0) { sum, pair in
                let expected = pair.1 * 20_000
                return sum + pow(Double(pair.0) - expected, 2) / expected
            }
            #expect(statistic < 29.9)
        }
    }
}
