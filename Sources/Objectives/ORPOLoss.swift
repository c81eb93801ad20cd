import Torch

/// Odds ratio preference optimisation: likelihood and preference at once, without a reference
/// (arXiv:2403.07691, eq. 6 and 7).
///
///     nll(y_c) - beta log s(log odds(y_c) - log odds(y_r)),    log odds = p - log(1 - exp p)
///
/// with p the mean log-probability of a completion's tokens and nll the mean over the tokens of
/// all chosen completions.
///
/// TRL: `ORPOTrainer.get_batch_loss_metrics`. Deviations: nll is taken over the completion as in
/// the paper, where TRL adds the prompt; p stays below -1e-6, where a completion that is certain
/// has no odds and TRL's gradient is NaN.
public struct ORPOLoss: Sendable, Equatable {
    /// Weight of the odds ratio, lambda in the paper.
    public var beta: Double

    public init(beta: Double = 0.1) { self.beta = beta }

    /// The loss of B pairs; rewards are beta p.
    ///
    /// - Parameters:
    ///   - chosen: log-probabilities of the tokens of the chosen completions, and where they lie.
    ///   - rejected: the same of the rejected ones.
    ///   - pairs: of the whole optimizer step.
    ///   - chosenTokens: tokens of all chosen completions of the whole optimizer step.
    ///   - weights: what both terms of each pair are multiplied by, [B], as ``PreferenceLoss`` does;
    ///     nil means 1.
    public func callAsFunction(
        chosen: (tokens: Tensor, segments: TokenSegments),
        rejected: (tokens: Tensor, segments: TokenSegments), pairs: Int, chosenTokens: Int,
        weights: Tensor? = nil
    ) -> ORPOResult {
        let preferred = chosen.segments.means(chosen.tokens)
        let other = rejected.segments.means(rejected.tokens)
        let ratios = logOdds(preferred) - logOdds(other)
        let preference = PreferenceResult(
            ratios.logSigmoid() * -beta, pairs, weights: weights, chosen: preferred * beta,
            rejected: other * beta)
        let tokens = weights.map { chosen.tokens * chosen.segments.expanded($0) } ?? chosen.tokens
        let likelihood = -tokens.sum() / Double(chosenTokens)
        return ORPOResult(
            loss: likelihood + preference.loss, negativeLogLikelihood: likelihood.detached(),
            preference: preference, logOddsRatios: ratios.detached())
    }

    private func logOdds(_ p: Tensor) -> Tensor {
        p - (-p.clamped(max: -1e-6).expm1()).log()
    }
}

/// What the ORPO loss says of one micro-batch.
public struct ORPOResult {
    /// The micro-batch's share of the whole loss of the optimizer step, a scalar with gradients.
    public let loss: Tensor
    /// Its share of the first term, a scalar without gradients.
    public let negativeLogLikelihood: Tensor
    /// The second term alone, and the rewards.
    public let preference: PreferenceResult
    /// log odds(y_c) - log odds(y_r), [B], without gradients.
    public let logOddsRatios: Tensor
}
