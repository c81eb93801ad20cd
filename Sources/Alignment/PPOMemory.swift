import Objectives
import Rewards

/// A prompt and its completions with what their update compares and aims at; one number a token,
/// completion after completion.
struct PPOEpisode: Codable, Equatable {
    let group: RolloutGroup
    /// The critic's value of the state in which each token was chosen.
    let values: [Float]
    let advantages: [Float]
    let returns: [Float]

    var tokenCount: Int { group.tokenCount }
}

/// What PPO carries between its steps: the rollout at work, the weight of the divergence, and what
/// it watches.
struct PPOMemory: Codable {
    /// The rollout's number, from 0; nil before the first.
    var rollout: Int?
    var episodes: [PPOEpisode] = []
    /// Curves of the rollout, which every step that it serves repeats.
    var values: [String: Double] = [:]
    /// Alarms of the rollout that no step has told yet.
    var alarms: [String] = []
    var controller: KLController
    var monitor: RewardMonitor
    var watch = PolicyWatch()
}
