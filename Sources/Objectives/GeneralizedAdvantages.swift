/// Generalised advantage estimation (arXiv:1506.02438, eq. 16).
///
///     delta_t = r_t + gamma V_(t+1) - V_t,    A_t = delta_t + gamma lambda A_(t+1)
///
/// after the last token V and A are 0. Returns are A + V. TRL 1.12: `PPOTrainer.train`.
public struct GeneralizedAdvantages: Sendable, Equatable {
    public var gamma: Double
    public var lambda: Double

    public init(gamma: Double = 1, lambda: Double = 0.95) {
        (self.gamma, self.lambda) = (gamma, lambda)
    }

    /// Advantages and returns of one completion's tokens.
    ///
    /// - Parameters:
    ///   - rewards: of each token.
    ///   - values: the critic's, of the state in which each token was chosen.
    public func callAsFunction(
        rewards: [Double], values: [Double]
    ) -> (advantages: [Double], returns: [Double]) {
        precondition(rewards.count == values.count)
        var advantages = rewards
        var (nextValue, nextAdvantage) = (0.0, 0.0)
        for t in rewards.indices.reversed() {
            let delta = rewards[t] + gamma * nextValue - values[t]
            nextAdvantage = delta + gamma * lambda * nextAdvantage
            nextValue = values[t]
            advantages[t] = nextAdvantage
        }
        return (advantages, zip(advantages, values).map { $0 + $1 })
    }
}
