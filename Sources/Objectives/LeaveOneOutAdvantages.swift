/// Advantages of RLOO: each completion against the mean of the others of its prompt
/// (arXiv:2402.14740, eq. 9).
///
///     A_i = R_i - mean of R_j over j != i,    R = r - beta sum over tokens (log pi - log ref)
///
/// Optionally normalised over the batch: (A - mean) / (sample deviation + 1e-4). A reward that
/// does not apply is left out; a completion to which none applies has advantage 0 and is nobody's
/// baseline. TRL: `RLOOTrainer._generate_and_score_completions`. Deviation: see
/// ``GroupAdvantages``.
public struct LeaveOneOutAdvantages: Sendable, Equatable {
    /// Completions of each prompt.
    public var groupSize: Int
    /// One of each reward.
    public var weights: [Double]
    /// Weight of the divergence from the reference.
    public var beta: Double
    /// Whether advantages get mean 0 and deviation 1 over the batch.
    public var normalizesAdvantages: Bool

    public init(
        groupSize: Int = 2, weights: [Double], beta: Double = 0.05,
        normalizesAdvantages: Bool = false
    ) {
        (self.groupSize, self.weights) = (groupSize, weights)
        (self.beta, self.normalizesAdvantages) = (beta, normalizesAdvantages)
    }

    /// Advantages of a whole rollout.
    ///
    /// - Parameters:
    ///   - rewards: a row for each completion, group after group, with a column for each weight.
    ///   - divergences: of each completion, log pi - log ref of its tokens when it was sampled,
    ///     summed.
    public func callAsFunction(_ rewards: [[Double?]], divergences: [Double]) -> AdvantageBatch {
        precondition(rewards.count == divergences.count)
        let sums = rewards.map { weightedSum($0, weights) }
        let shaped = zip(sums, divergences).map { sum, divergence in
            sum.map { $0 - beta * divergence }
        }
        let advantages = shaped.inGroups(of: groupSize).flatMap(leaveOneOut)
        return AdvantageBatch(
            advantages: (normalizesAdvantages ? normalized(advantages) : advantages)
                .map { $0 ?? 0 },
            rewards: sums, compared: shaped, groupSize: groupSize)
    }

    private func leaveOneOut(_ group: ArraySlice<Double?>) -> [Double?] {
        let present = group.compactMap { $0 }
        let (sum, others) = (present.reduce(0, +), Double(present.count - 1))
        return group.map { value in
            guard let value, others > 0 else { return nil }
            return value - (sum - value) / others
        }
    }

    private func normalized(_ advantages: [Double?]) -> [Double?] {
        guard let moments = Moments(advantages) else { return advantages }
        return advantages.map { value in
            guard let value, let deviation = moments.deviation else { return nil }
            return (value - moments.mean) / (deviation + advantageEpsilon)
        }
    }
}
