import Torch

/// Kahneman-Tversky optimisation: completions that are good or bad, without pairs
/// (arXiv:2402.01306, eq. 7 and 8).
///
///     desirable: w_d (1 - s(beta (a - z)))    undesirable: w_u (1 - s(beta (z - a)))
///
/// with a = log pi(y) - log ref(y) over the completion and s the sigmoid. z estimates
/// KL(pi || ref): completions y' are put to prompts they do not belong to (each prompt gets the
/// completion of the one before it, the first that of the last), and z is the mean of
/// log pi(y'|x) - log ref(y'|x), at least 0 and without gradient. With z = 0 this is
/// `apo_zero_unpaired` (arXiv:2408.06266).
///
/// TRL: `KTOTrainer._compute_loss`. Deviations: z is one number for the whole optimizer step where
/// TRL has one for each micro-batch, whose result then depends on how the step is cut; and the
/// trainer gives a single record a completion of another step, where TRL puts the record's own to
/// it, so that z is its reward and the loss always 1/2.
public struct KTOLoss: Sendable, Equatable {
    public var beta: Double
    /// w_d; with unequal counts choose w_d n_d / (w_u n_u) between 1 and 4/3.
    public var desirableWeight: Double
    /// w_u.
    public var undesirableWeight: Double

    public init(beta: Double = 0.1, desirableWeight: Double = 1, undesirableWeight: Double = 1) {
        self.beta = beta
        (self.desirableWeight, self.undesirableWeight) = (desirableWeight, undesirableWeight)
    }

    /// z from the summed log-probabilities of all mismatched completions of the optimizer step; not
    /// a finite number where one of them is not, and 0 without any.
    public static func divergence(policy: [Double], reference: [Double]) -> Double {
        guard !policy.isEmpty else { return 0 }
        let mean =
            zip(policy, reference).reduce(0) { $0 + $1.0 - $1.1 } / Double(policy.count)
        // `max` would take 0 for a NaN.
        return mean.isFinite ? max(0, mean) : mean
    }

    /// The sum over B completions divided by `normaliser`.
    ///
    /// - Parameters:
    ///   - policy: log-probability of each completion, summed over its tokens, [B].
    ///   - reference: the same under the reference, [B].
    ///   - isDesirable: the label of each.
    ///   - divergence: z.
    ///   - normaliser: completions of the whole optimizer step.
    public func callAsFunction(
        policy: Tensor, reference: Tensor, isDesirable: [Bool], divergence: Double, normaliser: Int
    ) -> KTOResult {
        let ratios = policy - reference
        let signs = Tensor(isDesirable.map { Float($0 ? 1 : -1) }).to(policy.device)
        let weights = Tensor(isDesirable.map { Float($0 ? desirableWeight : undesirableWeight) })
            .to(policy.device)
        let losses = weights * (1 - (signs * (ratios - divergence) * beta).sigmoid())
        return KTOResult(
            loss: losses.sum() / Double(normaliser),
            rewards: ratios.detached() * beta)
    }
}

/// What the KTO loss says of one micro-batch.
public struct KTOResult {
    /// The micro-batch's share of the loss of the optimizer step, a scalar with gradients.
    public let loss: Tensor
    /// beta a of each completion, [B], without gradients.
    public let rewards: Tensor
}
