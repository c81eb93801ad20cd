import Foundation
import Rewards

/// What a policy method carries between its steps: the rollout at work and what it watches.
struct PolicyMemory: Codable {
    /// The rollout's number, from 0; nil before the first.
    var rollout: Int?
    var groups: [RolloutGroup] = []
    /// Curves of the rollout, which every step that it serves repeats.
    var values: [String: Double] = [:]
    /// Alarms of the rollout that no step has told yet.
    var alarms: [String] = []
    var monitor: RewardMonitor
    var watch = PolicyWatch()
}

/// Notices a policy that runs away or freezes.
struct PolicyWatch: Codable, Equatable {
    private var steps = 0
    private var firstLength = 0.0
    private var firstEntropy = 0.0

    /// Steps that say what is usual.
    private static let usual = 5

    /// What is wrong after one more step.
    ///
    /// - Parameters:
    ///   - length: mean tokens of a completion.
    ///   - truncated: share of completions that ran into the limit.
    ///   - entropy: mean over tokens, nats.
    ///   - divergence: mean from the reference a token, nats; nil without one.
    mutating func alarms(
        length: Double, truncated: Double, entropy: Double, divergence: Double?
    ) -> [String] {
        steps += 1
        var result: [String] = []
        if truncated > 0.5 { result.append("more than half of the completions are truncated") }
        if let divergence, divergence > 0.5 {
            result.append("the policy runs away from the reference (over 0.5 nats a token)")
        }
        guard steps > Self.usual else {
            firstLength += length / Double(Self.usual)
            firstEntropy += entropy / Double(Self.usual)
            return result
        }
        if length > 3 * firstLength {
            result.append("completions are three times as long as at the start")
        }
        if entropy < 0.1 * firstEntropy {
            result.append("entropy has collapsed to less than a tenth of the start")
        }
        return result
    }
}
