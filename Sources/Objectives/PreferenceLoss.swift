import Torch

/// Direct preference optimisation and its variants.
///
/// With a = log pi(y_c) - log ref(y_c), b = log pi(y_r) - log ref(y_r), D = a - b, s the sigmoid
/// and e the label smoothing:
///
/// | kind | loss of a pair | source |
/// |---|---|---|
/// | `sigmoid` | -(1 - e) log s(beta D) - e log s(-beta D) | arXiv:2305.18290, eq. 7 |
/// | `hinge` | max(0, 1 - beta D) | arXiv:2305.10425 |
/// | `ipo` | (a / n_c - b / n_r - 1 / (2 beta))^2, n tokens | arXiv:2310.12036, eq. 17 |
/// | `robust` | ((e - 1) log s(beta D) + e log s(-beta D)) / (1 - 2e) | arXiv:2403.00409 |
/// | `exo_pair` | KL([s(beta D), s(-beta D)] over [1 - e, e]) | arXiv:2402.00856, eq. 16 |
/// | `nca_pair` | -log s(beta a) - (log s(-beta a) + log s(-beta b)) / 2 | arXiv:2402.05369 |
/// | `sppo_hard` | (a - 1 / (2 beta))^2 + (b + 1 / (2 beta))^2 | arXiv:2405.00675 |
/// | `apo_zero` | 1 - s(beta a) + s(beta b) | arXiv:2408.06266, eq. 7 |
/// | `apo_down` | s(beta a) + 1 - s(beta D) | arXiv:2408.06266, eq. 8 |
/// | `bco_pair` | -log s(beta a - m) - log s(m - beta b), m the mean reward | arXiv:2404.04656 |
/// | `discopop` | -(1 - g) log s(x) + g exp(-x), x = beta D, g = s(x / tau) | arXiv:2406.08414, eq. 5 |
///
/// A pair's loss may be multiplied by a weight w, so that B pairs make sum(w loss) / B: MMedPO
/// (arXiv:2412.06141), whose w is a clinical score in [0, 1] that its data files hold; `dpo_loss` of
/// its `dpo_trainer_weighted.py` divides by the number of pairs, not by the sum of the weights, and
/// neither does this. Rewards are not weighted.
///
/// TRL: `DPOTrainer._compute_loss`. Deviations: label smoothing acts on `sigmoid` too (TRL 1.16
/// ignores it there); `bco_pair` can be given the running mean, which TRL has in its BCO trainer
/// only.
public struct PreferenceLoss: Sendable, Equatable {
    /// The variants, under TRL's names.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case sigmoid, hinge, ipo, robust, discopop
        case exoPair = "exo_pair"
        case ncaPair = "nca_pair"
        case sppoHard = "sppo_hard"
        case apoZero = "apo_zero"
        case apoDown = "apo_down"
        case bcoPair = "bco_pair"
    }

    public let kind: Kind
    /// How strongly the policy is held to the reference.
    public let beta: Double
    /// e: the share of pairs taken to be labelled the wrong way round.
    public let labelSmoothing: Double
    /// tau of `discopop`.
    public let discopopTau: Double

    /// - Throws: ``ObjectiveError`` where the loss would not be a number: beta or tau not above 0,
    ///   label smoothing outside [0, 0.5), or 0 with `exo_pair`.
    public init(
        _ kind: Kind = .sigmoid, beta: Double = 0.1, labelSmoothing: Double = 0,
        discopopTau: Double = 0.05
    ) throws(ObjectiveError) {
        typealias Check = ObjectiveError
        try Check.require(beta > 0, "beta", "is \(beta), must be above 0")
        try Check.require(discopopTau > 0, "discopop_tau", "is \(discopopTau), must be above 0")
        try Check.require(
            0 <= labelSmoothing && labelSmoothing < 0.5, "label_smoothing",
            "is \(labelSmoothing), must be at least 0 and below 0.5")
        try Check.require(
            kind != .exoPair || labelSmoothing > 0, "label_smoothing",
            "is 0, must be above 0 for exo_pair (its paper takes 0.001)")
        (self.kind, self.beta) = (kind, beta)
        (self.labelSmoothing, self.discopopTau) = (labelSmoothing, discopopTau)
    }

    /// The sum over B pairs divided by `normaliser`, with rewards beta a and beta b.
    ///
    /// - Parameters:
    ///   - normaliser: pairs of the whole optimizer step.
    ///   - weights: w of each pair, [B]; nil means 1.
    ///   - meanReward: m of `bco_pair`, the same for the whole step; see ``RunningMean``.
    public func callAsFunction(
        _ pairs: PreferencePairs, normaliser: Int, weights: Tensor? = nil, meanReward: Double = 0
    ) -> PreferenceResult {
        let chosen = pairs.policy.chosen - pairs.reference.chosen
        let rejected = pairs.policy.rejected - pairs.reference.rejected
        let losses =
            switch kind {
            case .ipo:
                (chosen / divisor(pairs.lengths.chosen, chosen)
                    - rejected / divisor(pairs.lengths.rejected, rejected) - 0.5 / beta).square()
            case .sppoHard: (chosen - 0.5 / beta).square() + (rejected + 0.5 / beta).square()
            case .ncaPair, .apoZero, .apoDown, .bcoPair:
                losses(chosen * beta, rejected * beta, meanReward)
            case .sigmoid, .hinge, .robust, .exoPair, .discopop:
                losses((chosen - rejected) * beta)
            }
        return PreferenceResult(
            losses, normaliser, weights: weights, chosen: chosen * beta, rejected: rejected * beta)
    }

    private func divisor(_ lengths: [Int], _ values: Tensor) -> Tensor {
        Tensor(lengths.map { Float(max($0, 1)) }).to(values.device)
    }
}
