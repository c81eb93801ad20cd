import Objectives
import Testing

struct LeaveOneOutAdvantagesTests {
    @Test func byHand() {
        // R = 1 - 0.5 * 2, 2, 6 = 0, 2, 6: 0 - 4, 2 - 3, 6 - 1
        let settings = LeaveOneOutAdvantages(groupSize: 3, weights: [1], beta: 0.5)
        let batch = settings([[1], [2], [6]], divergences: [2, 0, 0])
        #expect(batch.advantages == [-4, -1, 5])
        #expect(batch.rewards == [1, 2, 6])
        // Without the one that has no reward: 1 - 6, 6 - 1; alone: 0
        let holes = settings(
            [[1], [nil], [6], [nil], [7], [nil]], divergences: Array(repeating: 0, count: 6))
        #expect(holes.advantages == [-5, 0, 5, 0, 0, 0])
        #expect(holes.hasZeroSpread == [false, true])
    }

    @Test func normalizationByHand() {
        // 1 - 3 and 3 - 1: deviation sqrt 8
        let settings = LeaveOneOutAdvantages(weights: [1], beta: 0, normalizesAdvantages: true)
        let batch = settings([[1], [3]], divergences: [0, 0])
        let size = 2 / (8.0.squareRoot() + 1e-4)
        #expect(agree(batch.advantages, [-size, size]))
    }

    @Test func agreesWithTRL() throws {
        for reference in try fixture("policy", as: File.self).rlooAdvantages {
            let settings = LeaveOneOutAdvantages(
                groupSize: 4, weights: reference.weights, beta: reference.beta,
                normalizesAdvantages: reference.normalized)
            let batch = settings(reference.rewards, divergences: reference.divergences)
            #expect(agree(batch.advantages, reference.advantages))
            let share = reference.metrics["frac_reward_zero_std"] ?? nil
            #expect(agree(batch.zeroSpreadShare, share))
            #expect(agree(batch.rewardMoments?.mean ?? 0, reference.metrics["reward"] ?? nil))
        }
    }

    private struct File: Decodable { let rlooAdvantages: [Case] }

    private struct Case: Decodable {
        let rewards: [[Double?]], weights: [Double], advantages: [Double]
        let beta: Double, normalized: Bool, divergences: [Double], metrics: [String: Double?]
    }
}
