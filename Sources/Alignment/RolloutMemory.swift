import Objectives
import Recipes
import Rewards
import Torch

/// What a method that learns from its own answers carries between its steps: the rollout at work
/// and what is counted over all of them.
///
/// The rollout itself is kept as soon as it is drawn, for it depends on nothing but weights and
/// number. What is counted changes when a step is accepted, see ``StepReport``.
struct RolloutMemory<Item: Codable>: Codable {
    /// The rollout's number, from 0; nil before the first.
    private(set) var rollout: Int?
    /// What its updates take in turn: groups of answers, or episodes.
    private(set) var items: [Item] = []
    /// Curves of the rollout, which every step that it serves repeats.
    var values: [String: Double] = [:]
    /// As the last accepted step left it.
    private(set) var statistics: RolloutStatistics
    /// With what the rollout adds, until one of its steps is accepted.
    private var proposed: RolloutStatistics?

    init(_ statistics: RolloutStatistics) { self.statistics = statistics }

    /// Puts another rollout to work.
    ///
    /// - Parameter proposed: the statistics with it.
    mutating func begin(
        _ rollout: Int, _ items: [Item], values: [String: Double], proposed: RolloutStatistics
    ) {
        (self.rollout, self.items, self.values) = (rollout, items, values)
        self.proposed = proposed
    }

    /// Takes in what the first update of the rollout found.
    ///
    /// - Parameter statistics: those with the rollout, which learn from it.
    /// - Returns: whether the rollout has to be corrected and was not.
    mutating func compare(
        _ gap: LogProbabilityGap, _ dtype: DType, _ statistics: inout RolloutStatistics
    ) -> Bool {
        let corrected = statistics.agreement.corrects
        let alarms = statistics.agreement.record(gap, dtype)
        statistics.alarms += alarms
        proposed?.agreement = statistics.agreement
        proposed?.alarms += alarms
        values.merge(gap.values) { $1 }
        return statistics.agreement.corrects && !corrected
    }

    /// What one more step raises, and the statistics that it proposes.
    ///
    /// - Parameters:
    ///   - values: its curves.
    ///   - entropy: mean over tokens, nats.
    func watched(
        _ values: [String: Double], entropy: Double
    ) -> (alarms: [String], proposed: RolloutStatistics) {
        var next = proposed ?? statistics
        let alarms =
            next.alarms
            + next.watch.alarms(
                length: values[MetricName.meanLength] ?? 0,
                truncated: values[MetricName.clippedRatio] ?? 0, entropy: entropy,
                divergence: values[MetricName.divergence])
        next.alarms = []
        return (alarms, next)
    }

    /// Takes over what an accepted step proposed.
    mutating func accept(_ statistics: RolloutStatistics) {
        self.statistics = statistics
        proposed = nil
    }
}

/// What is counted over all rollouts of a run.
struct RolloutStatistics: Codable, Equatable {
    var monitor: RewardMonitor
    var agreement: SamplingAgreement
    /// The weight of the divergence, where a method leads it to a target.
    var controller = KLController()
    var watch = PolicyWatch()
    /// Alarms of the rollout at work that no step has told yet.
    var alarms: [String] = []

    /// Takes in the rewards of a batch of whole groups.
    mutating func record(_ scores: RewardScores) {
        alarms += monitor.record(scores).map { "\($0)" }
    }
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
