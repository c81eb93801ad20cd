import Torch

/// The critic's loss in PPO, with the clipping of OpenAI's baselines (arXiv:2005.12729, eq. 2).
///
///     max((v - R)^2, (clip(v, v_old - c, v_old + c) - R)^2) / 2 for each token
///
/// summed and divided by the tokens of the minibatch. TRL 1.12: `PPOTrainer.train`. Deviations:
/// TRL averages each micro-batch alone, and values one position after the end of turn too.
public struct PPOValueLoss: Sendable, Equatable {
    /// c, TRL's `cliprange_value`.
    public var clipRange: Double

    public init(clipRange: Double = 0.2) { self.clipRange = clipRange }

    /// - Parameters:
    ///   - values: of N tokens under the critic in training, [N].
    ///   - old: when they were sampled, [N].
    ///   - returns: R, [N]; see ``GeneralizedAdvantages``.
    ///   - normaliser: tokens of the whole optimizer step.
    public func callAsFunction(
        values: Tensor, old: Tensor, returns: Tensor, normaliser: Int
    ) -> PPOValueResult {
        let clipped = Tensor.minimum(
            Tensor.maximum(values, old - clipRange), old + clipRange)
        let (plain, limited) = ((values - returns).square(), (clipped - returns).square())
        return PPOValueResult(
            loss: Tensor.maximum(plain, limited).sum() * 0.5 / Double(normaliser),
            tokens: values.count, clipped: plain.less(than: limited).count())
    }
}

/// What the critic's loss says of one micro-batch; the counts add up over micro-batches.
public struct PPOValueResult {
    /// The micro-batch's share of the loss of the optimizer step, a scalar with gradients, not
    /// yet weighted with TRL's `vf_coef` (0.1).
    public let loss: Tensor
    /// N.
    public let tokens: Int
    /// Tokens where clipping counted (`val/clipfrac_avg`).
    public let clipped: Int
}
