import Objectives
import Testing

struct GroupAdvantagesTests {
    /// One reward; groups of two: [0, 2], [1, 1], [nil, 3].
    private static let rewards: [[Double?]] = [[0], [2], [1], [1], [nil], [3]]

    // Means 1, 1 and 3; deviations sqrt 2, 0 and none; of the batch, mean 7/5:
    // sqrt((1.96 + 0.36 + 0.16 + 0.16 + 2.56) / 4) = sqrt 1.3
    @Test(arguments: [
        (GroupAdvantages.Scale.group, 1 / (2.0.squareRoot() + 1e-4)),
        (.batch, 1 / (1.3.squareRoot() + 1e-4)), (.none, 1),
    ])
    func byHand(scale: GroupAdvantages.Scale, size: Double) {
        let batch = GroupAdvantages(groupSize: 2, weights: [1], scale: scale)(Self.rewards)
        #expect(agree(batch.advantages, [-size, size, 0, 0, 0, 0]))
        #expect(batch.rewards == [0, 2, 1, 1, nil, 3])
        #expect(batch.hasZeroSpread == [false, true, true])
        #expect(batch.zeroSpreadShare == 2.0 / 3)
        #expect(batch.rewardMoments?.mean == 1.4)
    }

    @Test func weightsByHand() {
        // 2 * 1 + 0.5 * 4 = 4 and 2 * 0 = 0, the second reward left out
        let batch = GroupAdvantages(groupSize: 2, weights: [2, 0.5], scale: .none)(
            [[1, 4], [0, nil]])
        #expect(batch.rewards == [4, 0])
        #expect(batch.advantages == [2, -2])
    }

    @Test func normalizeThenSumByHand() {
        // Each function's deviation is a: [0, 1] -> -+ 0.7070, b: [4, 0] -> +- 0.7071 (to 1e-4);
        // with weights 2 and 1: -0.7069 and 0.7069, whose own deviation is 1, so nearly the same.
        let batch = GroupAdvantages(
            groupSize: 2, weights: [2, 1], aggregation: .normalizeThenSum)([[0, 4], [1, 0]])
        let a = 0.5 / (0.5.squareRoot() + 1e-4)
        let b = 2 / (8.0.squareRoot() + 1e-4)
        let sum = -2 * a + b
        let deviation = (2 * sum * sum).squareRoot()
        #expect(agree(batch.advantages[0], sum / (deviation + 1e-4)))
        #expect(abs(batch.advantages[0] + 0.7070) < 1e-4)
        #expect(agree(batch.advantages[1], -batch.advantages[0]))
    }

    @Test func nothingAppliesAnywhere() {
        let batch = GroupAdvantages(groupSize: 2, weights: [1])([[nil], [nil]])
        #expect(batch.advantages == [0, 0])
        #expect(batch.rewardMoments == nil)
        #expect(batch.hasZeroSpread == [true])
    }

    @Test func singleCompletionsHaveNoAdvantage() {
        let batch = GroupAdvantages(groupSize: 1, weights: [1])([[3], [5]])
        #expect(batch.advantages == [0, 0])
        #expect(batch.hasZeroSpread == [true, true])
    }

    @Test func agreesWithTRL() throws {
        for reference in try fixture("policy", as: File.self).grpoAdvantages {
            let settings = GroupAdvantages(
                groupSize: 4, weights: reference.weights, scale: reference.scale,
                aggregation: reference.aggregation)
            let batch = settings(reference.rewards)
            #expect(agree(batch.advantages, reference.advantages))
            let moments = try #require(batch.rewardMoments)
            #expect(agree(moments.mean, reference.metrics["reward"] ?? nil))
            #expect(agree(moments.deviation ?? 0, reference.metrics["reward_std"] ?? nil))
            if settings.scale != .batch && settings.aggregation == .sumThenNormalize {
                let share = reference.metrics["frac_reward_zero_std"] ?? nil
                #expect(agree(batch.zeroSpreadShare, share))
            }
        }
    }

    @Test func agreesWithTRLOnEachReward() throws {
        for reference in try fixture("policy", as: File.self).grpoAdvantages {
            for column in reference.weights.indices {
                let moments = try #require(Moments(reference.rewards.map { $0[column] }))
                #expect(agree(moments.mean, reference.metrics["rewards/f\(column)/mean"] ?? nil))
                let deviation = reference.metrics["rewards/f\(column)/std"] ?? nil
                #expect(agree(moments.deviation ?? 0, deviation))
            }
        }
    }

    private struct File: Decodable { let grpoAdvantages: [Case] }

    private struct Case: Decodable {
        let rewards: [[Double?]], weights: [Double], advantages: [Double]
        let scale: GroupAdvantages.Scale, aggregation: GroupAdvantages.Aggregation
        let metrics: [String: Double?]
    }
}
