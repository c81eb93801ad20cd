import Torch

/// Simple preference optimisation: length-normalised, with a margin, without a reference
/// (arXiv:2405.14734, eq. 6).
///
///     -log s(beta (p_c - p_r) - gamma)
///
/// with p the mean log-probability of a completion's tokens; the paper takes beta 2 to 2.5 and
/// gamma 0.3 to 0.8 of beta.
///
/// TRL: `CPOTrainer` with `loss_type="simpo"`, whose defaults these are. Deviation: it is the
/// paper's loss, TRL's with `cpo_alpha=0`, without a likelihood term.
public struct SimPOLoss: Sendable, Equatable {
    public var beta: Double
    /// The margin, TRL's `simpo_gamma`.
    public var gamma: Double
    /// The share of pairs taken to be labelled the wrong way round.
    public var labelSmoothing: Double

    public init(beta: Double = 0.1, gamma: Double = 0.5, labelSmoothing: Double = 0) {
        (self.beta, self.gamma, self.labelSmoothing) = (beta, gamma, labelSmoothing)
    }

    /// The sum over B pairs divided by `normaliser`; rewards are beta p.
    ///
    /// - Parameters:
    ///   - chosen: mean log-probability of each chosen completion's tokens, [B].
    ///   - rejected: the same of the rejected ones, [B].
    ///   - normaliser: pairs of the whole optimizer step.
    ///   - weights: what each pair's loss is multiplied by, [B], as ``PreferenceLoss`` does; nil
    ///     means 1.
    public func callAsFunction(
        chosen: Tensor, rejected: Tensor, normaliser: Int, weights: Tensor? = nil
    ) -> PreferenceResult {
        PreferenceResult(
            smoothedLogistic((chosen - rejected) * beta - gamma, labelSmoothing), normaliser,
            weights: weights, chosen: chosen * beta, rejected: rejected * beta)
    }
}
