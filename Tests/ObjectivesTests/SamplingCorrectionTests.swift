import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

/// Training gives three tokens 3/2, 1/2 and 4 times the probability that sampling gave them: the
/// weights are 3/2, 1/2 and, cut, 3.
struct SamplingCorrectionTests {
    init() { startEngine() }

    private let current = Tensor([log(0.5), log(0.25), log(0.25)])
    private let old = Tensor([log(0.25), log(0.5), log(0.5)])
    private let factors = [1.5, 0.5, 4]

    private var sampled: Tensor { old - Tensor(factors.map { log($0) }) }

    private func tokens(_ sampled: Tensor?) -> PolicyTokens {
        PolicyTokens(
            current: current, old: old, sampled: sampled, reference: old,
            segments: TokenSegments(lengths: [2, 1]))
    }

    /// Losses -1.2, -1/2 and 0.8 of the ratios 2, 1/2 and 1/2 with advantages 1, 1 and -1; the
    /// divergence is not weighted.
    @Test(arguments: [0, 0.5]) func tokensByHand(beta: Double) {
        let totals = StepTotals(completions: 2, tokens: 6)
        let loss = PolicyLoss(.dapo, beta: beta)
        let plain = loss(tokens(nil), advantages: Tensor([1.0, -1]), totals: totals)
        let weighted = loss(tokens(sampled), advantages: Tensor([1.0, -1]), totals: totals)
        let change = weighted.loss.item(Double.self) - plain.loss.item(Double.self)
        // -1.8 - 0.25 + 2.4 in place of -1.2 - 0.5 + 0.8, over 6 tokens.
        #expect(abs(change - (0.35 + 0.9) / 6) < 1e-7)
        #expect(weighted.statistics == plain.statistics)
    }

    /// The whole completion is one action: 3/2 times 1/2, and 4 cut to 3.
    @Test func completionsByHand() {
        // Ratios 2 * 1/2 = 1 and 1/2, advantages 1 and 2: losses -1 and -1.
        let result = RLOOLoss()(tokens(sampled), advantages: Tensor([1.0, 2]), normaliser: 2)
        #expect(abs(result.loss.item(Double.self) + (0.75 + 3) / 2) < 1e-7)
    }

    @Test func ppoByHand() {
        let result = PPOPolicyLoss()(
            current: current, old: old, sampled: sampled, advantages: Tensor([1.0, 1, -1]),
            normaliser: 4)
        #expect(abs(result.loss.item(Double.self) - 0.35 / 4) < 1e-7)
        #expect((result.tokens, result.clipped) == (3, 2))
    }

    /// Of the same numbers the weights are 1, and nothing changes in any bit.
    @Test func sameArithmeticChangesNothing() {
        let totals = StepTotals(completions: 2, tokens: 3)
        let (plain, same) = (tokens(nil), tokens(old))
        for kind in PolicyLoss.Kind.allCases {
            let loss = PolicyLoss(kind, epsilonHigh: 1)
            #expect(
                loss(plain, advantages: Tensor([1.0, -1]), totals: totals).loss.item(Double.self)
                    == loss(same, advantages: Tensor([1.0, -1]), totals: totals).loss
                    .item(Double.self))
        }
    }
}
