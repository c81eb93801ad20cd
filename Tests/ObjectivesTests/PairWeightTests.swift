import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

/// Losses of pairs with weights, as MMedPO's.
struct PairWeightTests {
    init() { startEngine() }

    /// Three pairs with D = 3, 0 and -1 at beta 1/2, weights 1/2, 0 and 2; references 0.
    private func pairs(_ policy: Tensor) -> PreferencePairs {
        PreferencePairs(
            policy: (policy.slice(0, 0..<3), policy.slice(0, 3..<6)),
            reference: (Tensor([0, 0, 0] as [Float]), Tensor([0, 0, 0] as [Float])),
            lengths: ([1, 1, 1], [1, 1, 1]))
    }

    private let policy: [Float] = [-1, -2, -3, -4, -2, -2]
    private let weights: [Float] = [0.5, 0, 2]

    // -log s(1.5) = 0.2014133, -log s(0) = 0.6931472, -log s(-0.5) = 0.9740770:
    // (0.5 * 0.2014133 + 2 * 0.9740770) / 3 pairs = 0.6829536
    @Test func byHand() throws {
        let result = try PreferenceLoss(beta: 0.5)(
            pairs(Tensor(policy)), normaliser: 3, weights: Tensor(weights))
        #expect(abs(result.loss.item(Double.self) - 0.6829536) < 1e-6)
        #expect(distance(result.losses, [0.2014133, 0.6931472, 0.9740770]) < 1e-6)
        #expect(result.chosenRewards.values(Double.self) == [-0.5, -1, -1.5])
    }

    // d/dx -log s(x) = s(x) - 1, x = beta D; s(1.5) = 0.8175745, s(-0.5) = 0.3775407:
    // 0.5 * 0.5 * (0.8175745 - 1) / 3 = -0.0152021 and 2 * 0.5 * (0.3775407 - 1) / 3 = -0.2074864
    @Test func gradientByHand() throws {
        let graded = try Graded(policy, parts: [0..<3]) { leaf, _ in
            try PreferenceLoss(beta: 0.5)(
                pairs(leaf), normaliser: 3, weights: Tensor(weights)
            ).loss
        }
        #expect(
            distance(
                graded.gradient, [-0.0152021, 0, -0.2074864, 0.0152021, 0, 0.2074864]) < 1e-6)
    }

    /// Every kind: the gradient is the slope, by central differences, and each pair takes part by
    /// its weight; a weight of 1 changes no bit.
    @Test(arguments: PreferenceLoss.Kind.allCases) func everyKind(kind: PreferenceLoss.Kind) throws
    {
        let loss = try PreferenceLoss(kind, beta: 0.5, labelSmoothing: 0.1, discopopTau: 1)
        func value(_ policy: [Float], _ weights: [Float]?) -> Double {
            loss(pairs(Tensor(policy)), normaliser: 3, weights: weights.map { Tensor($0) })
                .loss.item(Double.self)
        }
        let graded = try Graded(policy, parts: [0..<3]) { leaf, _ in
            loss(pairs(leaf), normaliser: 3, weights: Tensor(weights)).loss
        }
        for (place, slope) in graded.gradient.values(Double.self).enumerated() {
            func moved(_ by: Float) -> Double {
                var values = policy
                values[place] += by
                return value(values, weights)
            }
            // Five points: steps so wide that f32 does not matter.
            let difference =
                (8 * (moved(0.0625) - moved(-0.0625)) - moved(0.125) + moved(-0.125))
                / 0.75
            #expect(abs(slope - difference) < 2e-4, "place \(place)")
        }
        let alone = (0..<3).map { pair in value(policy, (0..<3).map { $0 == pair ? 1 : 0 }) }
        let sum = zip(alone, weights).reduce(0) { $0 + $1.0 * Double($1.1) }
        #expect(abs(value(policy, weights) - sum) < 1e-5)
        #expect(value(policy, [1, 1, 1]) == value(policy, nil))
    }

    /// Of ORPO both terms, of SimPO its one.
    @Test func referenceFree() {
        let tokens = (Tensor([-1, -2, -3] as [Float]), Tensor([-4, -2, -2] as [Float]))
        let segments = TokenSegments(lengths: [1, 1, 1])
        func orpo(_ weights: [Float]?) -> Double {
            ORPOLoss()(
                chosen: (tokens.0, segments), rejected: (tokens.1, segments), pairs: 3,
                chosenTokens: 3, weights: weights.map { Tensor($0) }
            ).loss.item(Double.self)
        }
        func simpo(_ weights: [Float]?) -> Double {
            SimPOLoss()(
                chosen: tokens.0, rejected: tokens.1, normaliser: 3,
                weights: weights.map { Tensor($0) }
            ).loss.item(Double.self)
        }
        for value in [orpo, simpo] {
            let alone = (0..<3).map { pair in value((0..<3).map { $0 == pair ? 1 : 0 }) }
            #expect(abs(value(weights) - (0.5 * alone[0] + 2 * alone[2])) < 1e-6)
            #expect(alone[0] != alone[2] && value([1, 1, 1]) == value(nil))
        }
    }
}
