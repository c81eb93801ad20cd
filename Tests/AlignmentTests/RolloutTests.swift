import Objectives
import Rewards
import Testing

@testable import Alignment

struct RolloutTests {
    private func group(_ id: String, prompt: Int, _ lengths: [Int]) -> RolloutGroup {
        RolloutGroup(
            id: id, prompt: Array(repeating: 1, count: prompt),
            completions: lengths.map { length in
                SampledCompletion(
                    tokens: Array(repeating: 2, count: length),
                    logProbabilities: Array(repeating: -1, count: length), isTruncated: length > 8,
                    reference: Array(repeating: -1.5, count: length))
            },
            advantages: lengths.map(Double.init))
    }

    /// 10 + 5 + 5 = 20 fits, another 5 does not: the second piece pays the prompt again.
    @Test func piecesRepeatThePrompt() {
        let pieces = group("a", prompt: 10, [5, 5, 5]).pieces(ofTokens: 20)
        #expect(pieces.map { $0.completions.count } == [2, 1])
        #expect(pieces.map(\.tokenCount) == [20, 15])
        #expect(pieces.map(\.advantages) == [[5, 5], [5]])
        #expect(group("a", prompt: 10, [50]).pieces(ofTokens: 20).count == 1)
    }

    /// Two groups of 16 tokens each in micro-batches of 40, 20 and as many as there are.
    @Test func microBatchesKeepTheOrder() {
        let groups = [group("a", prompt: 10, [3, 3]), group("b", prompt: 10, [2, 4])]
        #expect(groups.microBatches(ofTokens: 40).map { $0.map(\.id) } == [["a", "b"]])
        #expect(groups.microBatches(ofTokens: 20).map { $0.map(\.id) } == [["a"], ["b"]])
        #expect(groups.microBatches(ofTokens: 0).count == 1)
        let all = groups.microBatches(ofTokens: 1).flatMap { $0.flatMap(\.completions) }
        #expect(all == groups.flatMap(\.completions))
    }

    /// Three tokens, -1 - (-1.5) each.
    @Test func divergenceIsSummed() {
        #expect(group("a", prompt: 1, [3]).completions[0].divergence == 1.5)
    }

    private func rollout(_ ids: [String], _ scores: [Double?]) -> Rollout {
        Rollout(
            groups: ids.map { group($0, prompt: 2, [4, 10]) },
            scores: RewardScores(names: ["r"], weights: [1], columns: [scores]),
            texts: scores.indices.map { "\(ids[$0 / 2])\($0 % 2)" })
    }

    @Test func groupsAreReplacedWhole() {
        var rollout = rollout(["a", "b", "c"], [1, 1, 0, 1, 0, 0])
        rollout.replace([0, 2], by: self.rollout(["x", "y"], [0, 2, 3, nil]), groupSize: 2)
        #expect(rollout.groups.map(\.id) == ["x", "b", "y"])
        #expect(rollout.scores.columns == [[0, 2, 0, 1, 3, nil]])
        #expect(rollout.texts == ["x0", "x1", "b0", "b1", "y0", "y1"])
    }

    /// Lengths 4 and 10 of each group, the second over the limit; rewards 1, 1, 0, 1: mean 3/4,
    /// sample deviation 1/2; the first group has no spread.
    @Test func curvesOfARollout() {
        let rollout = rollout(["a", "b"], [1, 1, 0, 1])
        let advantages = GroupAdvantages(groupSize: 2, weights: [1])(rollout.scores.rows)
        let values = rollout.metrics(advantages)
        #expect(values["completions/mean_length"] == 7)
        #expect(values["completions/min_length"] == 4 && values["completions/max_length"] == 10)
        #expect(values["completions/clipped_ratio"] == 0.5)
        #expect(values["reward"] == 0.75 && values["reward_std"] == 0.5)
        #expect(values["rewards/r/mean"] == 0.75 && values["frac_reward_zero_std"] == 0.5)
        // Every token is 0.5 nats more probable than under the reference.
        #expect(values["kl"] == 0.5)
    }

    /// The first five steps say what is usual; then three times the length and a tenth of the
    /// entropy are too much.
    @Test func watchNoticesRunawaysAndCollapse() {
        var watch = PolicyWatch()
        for _ in 0..<5 {
            let alarms = watch.alarms(length: 10, truncated: 0, entropy: 2, divergence: nil)
            #expect(alarms.isEmpty)
        }
        #expect(watch.alarms(length: 29, truncated: 0.5, entropy: 0.21, divergence: 0.4).isEmpty)
        #expect(watch.alarms(length: 31, truncated: 0, entropy: 1, divergence: nil).count == 1)
        #expect(watch.alarms(length: 10, truncated: 0, entropy: 0.19, divergence: nil).count == 1)
        #expect(watch.alarms(length: 10, truncated: 0.6, entropy: 1, divergence: 0.6).count == 2)
    }
}
