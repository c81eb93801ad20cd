/// The weight of the divergence from the reference in PPO's reward, a state that a checkpoint
/// keeps.
///
/// Adaptive (Ziegler et al., arXiv:1909.08593, section 2.2):
///
///     k <- k (1 + clip(divergence / target - 1, -0.2, 0.2) episodes / horizon)
public struct KLController: Sendable, Codable, Equatable {
    /// Where the divergence is led to.
    public struct Target: Sendable, Codable, Equatable {
        /// Divergence of a completion in nats, such as 6.
        public var divergence: Double
        /// Completions in which an error of 0.2 changes k by a fifth, such as 10,000.
        public var horizon: Double

        public init(divergence: Double, horizon: Double) {
            (self.divergence, self.horizon) = (divergence, horizon)
        }
    }

    /// k.
    public private(set) var coefficient: Double
    /// nil keeps k fixed.
    public let target: Target?

    public init(coefficient: Double = 0.05, target: Target? = nil) {
        (self.coefficient, self.target) = (coefficient, target)
    }

    /// Adapts k after a rollout; one whose divergence is not a finite number changes nothing.
    ///
    /// - Parameters:
    ///   - divergence: mean over completions of their summed divergence.
    ///   - episodes: completions of the rollout.
    public mutating func update(divergence: Double, episodes: Int) {
        guard let target, divergence.isFinite else { return }
        let error = min(max(divergence / target.divergence - 1, -0.2), 0.2)
        coefficient *= 1 + error * Double(episodes) / target.horizon
    }
}
