import Torch

/// REINFORCE with a leave-one-out baseline: the whole completion is one action
/// (arXiv:2402.14740), with PPO's clipping.
///
///     -min(rho A, clip(rho, 1 - epsilon_low, 1 + epsilon_high) A),   rho = pi(y) / pi_old(y)
///
/// rho is the product over the completion's tokens. The divergence from the reference is part of
/// the reward, see ``LeaveOneOutAdvantages``. TRL: `RLOOTrainer._compute_loss`; least and largest
/// clip ratios are those of the step, not means over micro-batches.
public struct RLOOLoss: Sendable, Equatable {
    public var epsilonLow: Double
    public var epsilonHigh: Double

    public init(epsilonLow: Double = 0.2, epsilonHigh: Double = 0.2) {
        (self.epsilonLow, self.epsilonHigh) = (epsilonLow, epsilonHigh)
    }

    /// The sum over B completions divided by `normaliser`.
    ///
    /// - Parameters:
    ///   - tokens: of the micro-batch; the reference is not used.
    ///   - advantages: of each completion, [B].
    ///   - normaliser: completions of the whole optimizer step.
    public func callAsFunction(
        _ tokens: PolicyTokens, advantages: Tensor, normaliser: Int
    ) -> PolicyResult {
        let ratios = tokens.segments.sums(tokens.current - tokens.old).exp()
        var losses = ClipRange(epsilonLow: epsilonLow, epsilonHigh: epsilonHigh)
            .losses(ratios, advantages)
        if let weights = SamplingCorrection.completionWeights(tokens) { losses = losses * weights }
        return PolicyResult(
            loss: losses.sum() / Double(normaliser),
            statistics: PolicyStatistics(
                ratios: ratios, advantages: advantages,
                lengths: tokens.segments.lengths.map { _ in 1 },
                range: Float(1 - epsilonLow)...Float(1 + epsilonHigh),
                divergence: nil, tokens: tokens.segments.tokenCount))
    }
}
