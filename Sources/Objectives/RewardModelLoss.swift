import Torch

/// The loss of a reward model on pairs (Bradley-Terry; InstructGPT, arXiv:2203.02155, eq. 1).
///
///     -log sigmoid(r_c - r_r - margin) + c (r_c + r_r)^2
///
/// The margin is that of Llama 2 (arXiv:2307.09288, eq. 2); the second term keeps the mean of the
/// rewards at 0 (arXiv:2312.09244, eq. 2). TRL: `RewardTrainer.compute_loss`, without deviations.
public struct RewardModelLoss: Sendable, Equatable {
    /// c, TRL's `center_rewards_coefficient`; 0 switches the term off.
    public var centeringCoefficient: Double

    public init(centeringCoefficient: Double = 0) {
        self.centeringCoefficient = centeringCoefficient
    }

    /// The sum over B pairs divided by `normaliser`.
    ///
    /// - Parameters:
    ///   - chosen: score of each preferred text, [B].
    ///   - rejected: score of each other text, [B].
    ///   - margin: by how much the first should win, [B]; nil means 0.
    ///   - normaliser: pairs of the whole optimizer step.
    public func callAsFunction(
        chosen: Tensor, rejected: Tensor, margin: Tensor? = nil, normaliser: Int
    ) -> PreferenceResult {
        let difference = chosen - rejected
        var losses = -(margin.map { difference - $0 } ?? difference).logSigmoid()
        if centeringCoefficient != 0 {
            losses = losses + (chosen + rejected).square() * centeringCoefficient
        }
        return PreferenceResult(losses, normaliser, chosen: chosen, rejected: rejected)
    }
}
