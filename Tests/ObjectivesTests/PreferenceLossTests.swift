import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct PreferenceLossTests {
    init() { startEngine() }

    /// One pair of 2 and 4 tokens with a = 2, b = -1, so that D = 3.
    private func pair() -> PreferencePairs {
        PreferencePairs(
            policy: (Tensor([-3.0]), Tensor([-6.0])), reference: (Tensor([-5.0]), Tensor([-5.0])),
            lengths: ([2], [4]))
    }

    // beta = 1/2: beta D = 1.5, beta a = 1, beta b = -0.5; e = 0.1, tau = 0.05.
    // log s(1.5) = -0.2014133, log s(-1.5) = -1.7014133; s(1.5) = 0.8175745
    // log s(1) = -0.3132617, log s(-1) = -1.3132617; log s(0.5) = -0.4740770
    static let cases: [(PreferenceLoss.Kind, Double)] = [
        // 0.9 * 0.2014133 + 0.1 * 1.7014133
        (.sigmoid, 0.3514133),
        (.hinge, 0),
        // (2/2 + 1/4 - 1)^2
        (.ipo, 0.0625),
        // (0.9 * 0.2014133 - 0.1 * 1.7014133) / 0.8
        (.robust, 0.0139133),
        // 0.8175745 (-0.2014133 - log 0.9) + 0.1824255 (-1.7014133 - log 0.1)
        (.exoPair, 0.0311387),
        // 0.3132617 + (1.3132617 + 0.4740770) / 2
        (.ncaPair, 1.2069310),
        // (2 - 1)^2 + (-1 + 1)^2
        (.sppoHard, 1),
        // 1 - s(1) + s(-0.5) = 0.2689414 + 0.3775407
        (.apoZero, 0.6464821),
        // s(1) + 1 - s(1.5) = 0.7310586 + 0.1824255
        (.apoDown, 0.9134841),
        // m = 0: 0.3132617 + 0.4740770
        (.bcoPair, 0.7873387),
        // s(1.5 / 0.05) = 1 within 1e-13: exp(-1.5)
        (.discopop, 0.2231302),
    ]

    @Test(arguments: cases) func byHand(kind: PreferenceLoss.Kind, expected: Double) throws {
        let loss = try PreferenceLoss(kind, beta: 0.5, labelSmoothing: 0.1)
        let result = loss(pair(), normaliser: 2)
        #expect(abs(result.loss.item(Double.self) - expected / 2) < 1e-6)
        #expect(abs(result.losses.item(Double.self) - expected) < 1e-6)
        #expect(result.chosenRewards.values(Double.self) == [1])
        #expect(result.rejectedRewards.values(Double.self) == [-0.5])
        #expect(!result.losses.requiresGrad)
    }

    @Test func everyKindIsWorkedByHand() {
        #expect(Set(Self.cases.map(\.0)) == Set(PreferenceLoss.Kind.allCases))
    }

    @Test func meanRewardByHand() throws {
        // m = 1: -log s(0) - log s(1.5) = log 2 + 0.2014133
        let loss = try PreferenceLoss(.bcoPair, beta: 0.5)
        let result = loss(pair(), normaliser: 1, meanReward: 1)
        #expect(abs(result.loss.item(Double.self) - 0.8945605) < 1e-6)
    }

    @Test func agreesWithTRLHoweverCut() throws {
        let file = try fixture("preference", as: File.self).dpo
        for reference in file.cases + [file.smoothed] {
            let loss = try PreferenceLoss(
                reference.kind, beta: reference.beta, labelSmoothing: reference.smoothing)
            try cutEveryWay(file.policy, count: file.chosenLengths.count) { tokens, pairs in
                loss(file.pairs(tokens, pairs), normaliser: file.chosenLengths.count).loss
            }.expect(reference.loss, reference.gradient)
        }
    }

    @Test func rewardsAreThoseOfTRL() throws {
        let file = try fixture("preference", as: File.self).dpo
        for reference in file.cases {
            let loss = try PreferenceLoss(
                reference.kind, beta: reference.beta, labelSmoothing: reference.smoothing)
            let result = loss(file.pairs(Tensor(file.policy), 0..<5), normaliser: 5)
            let (chosen, rejected) = (result.chosenRewards, result.rejectedRewards)
            #expect(agree(mean(chosen), reference.metrics["rewards/chosen"]))
            #expect(agree(mean(rejected), reference.metrics["rewards/rejected"]))
            #expect(agree(mean(chosen - rejected), reference.metrics["rewards/margins"]))
            let wins = rejected.less(than: chosen).to(.float32)
            #expect(agree(mean(wins), reference.metrics["rewards/accuracies"]))
        }
    }

    @Test func meaninglessSettingsAreRefused() {
        #expect(throws: ObjectiveError.self) { try PreferenceLoss(beta: 0) }
        #expect(throws: ObjectiveError.self) { try PreferenceLoss(.robust, labelSmoothing: 0.5) }
        #expect(throws: ObjectiveError.self) { try PreferenceLoss(.discopop, discopopTau: 0) }
        let error = #expect(throws: ObjectiveError.self) { try PreferenceLoss(.exoPair) }
        #expect(error?.description.hasPrefix("label_smoothing is 0") == true)
    }

    struct File: Decodable { let dpo: DPO }

    struct DPO: Decodable {
        let chosenLengths: [Int], rejectedLengths: [Int], policy: [Float], reference: [Float]
        let cases: [Case], smoothed: Case

        struct Case: Decodable {
            let kind: PreferenceLoss.Kind, beta: Double, smoothing: Double, loss: Double
            let gradient: [Double], metrics: [String: Double]
        }

        /// Some of the pairs; chosen completions stand before rejected ones.
        func pairs(_ tokens: Tensor, _ part: Range<Int>) -> PreferencePairs {
            let batch = Ragged(lengths: chosenLengths + rejectedLengths)
            let other =
                part.lowerBound + chosenLengths.count..<part.upperBound
                + chosenLengths.count
            func sums(_ values: Tensor, _ completions: Range<Int>) -> Tensor {
                TokenSegments(lengths: Array(batch.lengths[completions]))
                    .sums(values.slice(0, batch.tokens(completions)))
            }
            let known = Tensor(reference)
            return PreferencePairs(
                policy: (sums(tokens, part), sums(tokens, other)),
                reference: (sums(known, part), sums(known, other)),
                lengths: (Array(batch.lengths[part]), Array(batch.lengths[other])))
        }
    }
}
