import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct RewardModelLossTests {
    init() { startEngine() }

    private struct Case: Decodable {
        let chosen: [Float], rejected: [Float], margin: [Float]?
        let coefficient: Double, loss: Double, gradient: [Double], metrics: [String: Double]
    }

    @Test func byHand() {
        // Differences log 3 and 0: -log s = log 4/3, log 2; centring 0.1 (log 3)^2 and 0.1 * 4.
        // (0.2876821 + 0.6931472 + 0.1206949 + 0.4) / 2
        let result = RewardModelLoss(centeringCoefficient: 0.1)(
            chosen: Tensor([log(3.0), 1]), rejected: Tensor([0.0, 1]), normaliser: 2)
        #expect(abs(result.loss.item(Double.self) - 0.7507621) < 1e-7)
        #expect(distance(result.losses, [0.4083770, 1.0931472]) < 1e-7)
        #expect(result.chosenRewards.values(Double.self) == [log(3.0), 1])
    }

    @Test func marginByHand() {
        // log 3 - log 3: as if they were equal.
        let result = RewardModelLoss()(
            chosen: Tensor([log(3.0)]), rejected: Tensor([0.0]), margin: Tensor([log(3.0)]),
            normaliser: 1)
        #expect(abs(result.loss.item(Double.self) - log(2)) < 1e-12)
    }

    @Test func agreesWithTRLHoweverCut() throws {
        struct File: Decodable { let rewardModel: [Case] }
        for reference in try fixture("preference", as: File.self).rewardModel {
            let count = reference.chosen.count
            let loss = RewardModelLoss(centeringCoefficient: reference.coefficient)
            let margin = reference.margin.map { Tensor($0) }
            try cutEveryWay(reference.chosen + reference.rejected, count: count) { scores, pairs in
                loss(
                    chosen: scores.slice(0, pairs),
                    rejected: scores.slice(0, pairs.lowerBound + count..<pairs.upperBound + count),
                    margin: margin?.slice(0, pairs), normaliser: count
                ).loss
            }.expect(reference.loss, reference.gradient)
        }
    }
}
