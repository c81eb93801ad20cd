import Torch

/// Group relative policy optimisation (arXiv:2402.03300, eq. 3) and its relatives.
///
/// For each token, with rho = pi / pi_old, A the completion's advantage, r = log ref - log pi:
///
///     loss = -min(rho A, clip(rho, 1 - epsilon_low, 1 + epsilon_high) A) + beta k3(r) rho
///     cispo: -sg(min(rho, epsilon_high)) A log pi + beta k3(r) rho     (arXiv:2506.13585, eq. 4)
///
/// `sequence` importance takes the geometric mean of rho over the completion for all its tokens
/// (GSPO, arXiv:2507.18071, eq. 7). All but the divergence is weighted with
/// ``SamplingCorrection`` where that is needed. How tokens become one number, T tokens in the step and n in
/// a completion, B completions in the step:
///
/// | kind | loss | source |
/// |---|---|---|
/// | `grpo` | sum over completions (sum over tokens / n) / B | arXiv:2402.03300 |
/// | `bnpo`, `dapo`, `cispo` | sum over all tokens / T | arXiv:2503.14476, eq. 8 |
/// | `dr_grpo` | sum over all tokens / (B * longest allowed completion) | arXiv:2503.20783 |
///
/// TRL: `GRPOTrainer._compute_loss`. Deviations: all kinds normalise by the whole optimizer step.
/// TRL takes `grpo`, `bnpo` and `dr_grpo` a micro-batch, so that the first two depend on the cut,
/// and `dapo` and `cispo` by the tokens of the mean step of a rollout. Least and largest clip
/// ratios are those of the step, not means over micro-batches.
public struct PolicyLoss: Sendable, Equatable {
    /// How tokens are weighted and summed, under TRL's names.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case grpo, bnpo, dapo, cispo
        case drGRPO = "dr_grpo"
    }

    /// What the ratio is taken of.
    public enum ImportanceLevel: String, Sendable, Codable, CaseIterable {
        case token, sequence
    }

    public var kind: Kind
    public var importanceLevel: ImportanceLevel
    public var epsilonLow: Double
    /// For `cispo` the largest ratio itself, such as 5, not its distance from 1.
    public var epsilonHigh: Double
    /// Largest unclipped ratio (two-sided clipping, arXiv:2505.07291); above 1 + epsilonHigh.
    public var delta: Double?
    /// Weight of the divergence from the reference; 0 needs no reference.
    public var beta: Double
    /// Whether the divergence is weighted with the ratio, which makes its gradient unbiased
    /// (arXiv:2512.02556); TRL's `use_bias_correction_kl`.
    public var correctsDivergence: Bool
    /// Longest allowed completion in tokens, which `dr_grpo` divides by.
    public var maxCompletionLength: Int

    public init(
        _ kind: Kind = .dapo, importanceLevel: ImportanceLevel = .token, epsilonLow: Double = 0.2,
        epsilonHigh: Double = 0.2, delta: Double? = nil, beta: Double = 0,
        correctsDivergence: Bool = true, maxCompletionLength: Int = 512
    ) {
        (self.kind, self.importanceLevel) = (kind, importanceLevel)
        (self.epsilonLow, self.epsilonHigh, self.delta) = (epsilonLow, epsilonHigh, delta)
        (self.beta, self.correctsDivergence) = (beta, correctsDivergence)
        self.maxCompletionLength = maxCompletionLength
    }

    /// The loss of B completions of N tokens.
    ///
    /// - Parameters:
    ///   - tokens: with the reference's log-probabilities unless beta is 0.
    ///   - advantages: of each completion, [B].
    ///   - totals: of the whole optimizer step.
    public func callAsFunction(
        _ tokens: PolicyTokens, advantages: Tensor, totals: StepTotals
    ) -> PolicyResult {
        let segments = tokens.segments
        let ratios = ratios(tokens)
        let ratio = importanceLevel == .token ? ratios : segments.expanded(ratios)
        var losses = surrogate(ratio, segments.expanded(advantages), tokens.current)
        if let weights = SamplingCorrection.weights(tokens) { losses = losses * weights }
        let divergence = divergence(tokens, ratio)
        if let divergence { losses = losses + divergence * beta }
        let level = importanceLevel == .token ? segments.lengths : segments.lengths.map { _ in 1 }
        return PolicyResult(
            loss: total(losses, segments, totals),
            statistics: PolicyStatistics(
                ratios: ratios, advantages: advantages, lengths: level, range: statisticsRange,
                divergence: divergence, tokens: segments.tokenCount))
    }

    /// rho: a ratio a token, [N], or a completion, [B].
    private func ratios(_ tokens: PolicyTokens) -> Tensor {
        let logarithms = tokens.current - tokens.old
        return switch importanceLevel {
        case .token: logarithms.exp()
        case .sequence: tokens.segments.means(logarithms).exp()
        }
    }

    private func surrogate(_ ratio: Tensor, _ advantages: Tensor, _ current: Tensor) -> Tensor {
        if kind == .cispo {
            return -(ratio.detached().clamped(max: epsilonHigh) * advantages * current)
        }
        return ClipRange(epsilonLow: epsilonLow, epsilonHigh: epsilonHigh)
            .losses(ratio, advantages, limit: delta)
    }

    private func divergence(_ tokens: PolicyTokens, _ ratio: Tensor) -> Tensor? {
        guard beta != 0 else { return nil }
        guard let reference = tokens.reference else {
            preconditionFailure("beta is \(beta), but there are no log-probs of a reference")
        }
        let estimate = KLEstimator.k3(tokens.current, reference: reference)
        return correctsDivergence ? estimate * ratio : estimate
    }

    private func total(
        _ losses: Tensor, _ segments: TokenSegments, _ totals: StepTotals
    ) -> Tensor {
        switch kind {
        case .grpo: segments.means(losses).sum() / Double(totals.completions)
        case .drGRPO: losses.sum() / Double(totals.completions * maxCompletionLength)
        case .bnpo, .dapo, .cispo: losses.sum() / Double(max(totals.tokens, 1))
        }
    }

    /// `cispo` limits the ratio from above only, and by epsilonHigh itself.
    private var statisticsRange: ClosedRange<Float> {
        if kind == .cispo { return -.infinity...Float(epsilonHigh) }
        return Float(1 - epsilonLow)...Float(1 + epsilonHigh)
    }
}

/// What a policy loss says of one micro-batch.
public struct PolicyResult {
    /// The micro-batch's share of the loss of the optimizer step, a scalar with gradients.
    public let loss: Tensor
    /// Counts that add up over micro-batches.
    public let statistics: PolicyStatistics
}
