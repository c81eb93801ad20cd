/// The reward of each token of a completion in PPO (InstructGPT, arXiv:2203.02155, section 3.5).
///
///     -k KL(policy || reference) for each token, + score at the last one
///
/// TRL 1.12: `PPOTrainer.train`. Deviation: the score arrives with the last token, the end of
/// turn; TRL has it one position later where the completion is shorter than the longest allowed.
public struct PPORewards: Sendable, Equatable {
    /// How a token's divergence is estimated; TRL's `kl_estimator`, k1 or k3.
    public var estimator: KLEstimator
    /// What a completion without end of turn loses of its score.
    public var missingEOSPenalty: Double

    public init(estimator: KLEstimator = .k1, missingEOSPenalty: Double = 0) {
        (self.estimator, self.missingEOSPenalty) = (estimator, missingEOSPenalty)
    }

    /// The rewards of one completion.
    ///
    /// - Parameters:
    ///   - score: of the whole completion.
    ///   - policy: log-probabilities of its tokens when they were sampled; not empty.
    ///   - reference: under the reference.
    ///   - hasEndOfTurn: whether its last token ends the turn.
    ///   - klCoefficient: k; see ``KLController``.
    public func callAsFunction(
        score: Double, policy: [Double], reference: [Double], hasEndOfTurn: Bool,
        klCoefficient: Double
    ) -> PPOCompletionReward {
        precondition(!policy.isEmpty && policy.count == reference.count)
        let divergences = zip(policy, reference).map { estimator($0, reference: $1) }
        let final = hasEndOfTurn ? score : score - missingEOSPenalty
        var tokens = divergences.map { -klCoefficient * $0 }
        tokens[tokens.count - 1] += final
        return PPOCompletionReward(
            tokens: tokens, score: final, divergence: divergences.reduce(0, +))
    }
}

/// The rewards of one completion and what its log says of them.
public struct PPOCompletionReward: Sendable, Equatable {
    /// One a token.
    public let tokens: [Double]
    /// With the penalty (`objective/scores`).
    public let score: Double
    /// Summed over the tokens (`objective/kl`).
    public let divergence: Double
}
