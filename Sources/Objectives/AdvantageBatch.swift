/// Advantages of a rollout and what its log says of the rewards.
public struct AdvantageBatch: Sendable, Equatable {
    /// One a completion.
    public let advantages: [Double]
    /// The weighted sum of each completion's rewards; nil where none applies.
    public let rewards: [Double?]
    /// For each group whether it teaches nothing: all rewards are the same, or fewer than two
    /// completions have one. Dynamic sampling (DAPO) draws such a group again.
    public let hasZeroSpread: [Bool]

    /// - Parameter compared: what the advantages compare where that is not `rewards`.
    init(
        advantages: [Double], rewards: [Double?], compared: [Double?]? = nil, groupSize: Int
    ) {
        (self.advantages, self.rewards) = (advantages, rewards)
        hasZeroSpread = (compared ?? rewards).inGroups(of: groupSize).map { group in
            (Moments(group)?.deviation ?? 0) <= 1e-8
        }
    }

    /// Share of groups without spread (`frac_reward_zero_std`).
    public var zeroSpreadShare: Double {
        Double(hasZeroSpread.count { $0 }) / Double(max(hasZeroSpread.count, 1))
    }

    /// Mean and deviation of the rewards (`reward`, `reward_std`); nil where none applies.
    public var rewardMoments: Moments? { Moments(rewards) }
}
