import Torch

/// The policy's loss in PPO (arXiv:1707.06347, eq. 7).
///
///     max(-A rho, -A clip(rho, 1 - c, 1 + c)) for each token,    rho = pi / pi_old
///
/// summed and divided by the tokens of the minibatch. TRL 1.12: `PPOTrainer.train`. Deviations:
/// TRL averages each micro-batch alone, and its `approxkl` and `ratio` over padding too.
public struct PPOPolicyLoss: Sendable, Equatable {
    /// c, TRL's `cliprange`.
    public var clipRange: Double

    public init(clipRange: Double = 0.2) { self.clipRange = clipRange }

    /// - Parameters:
    ///   - current: log-probabilities of N tokens under the policy in training, [N].
    ///   - old: under the policy that sampled them, [N].
    ///   - sampled: the same as sampling computed it, [N], for ``SamplingCorrection``; nil where
    ///     that is one arithmetic with training.
    ///   - advantages: [N], whitened.
    ///   - normaliser: tokens of the whole optimizer step.
    public func callAsFunction(
        current: Tensor, old: Tensor, sampled: Tensor? = nil, advantages: Tensor, normaliser: Int
    ) -> PPOPolicyResult {
        let logarithms = current - old
        let ratios = logarithms.exp()
        let range = ClipRange(epsilonLow: clipRange, epsilonHigh: clipRange)
        let losses = range.losses(ratios, advantages)
        let unclipped = -(ratios * advantages)
        let weighted = sampled.map {
            losses * SamplingCorrection.weights(training: old, sampled: $0)
        }
        return PPOPolicyResult(
            loss: (weighted ?? losses).sum() / Double(normaliser), tokens: current.count,
            clipped: unclipped.less(than: losses).count(),
            divergenceSum: logarithms.square().total() / 2, ratioSum: ratios.total())
    }
}

/// What PPO's policy loss says of one micro-batch; the sums add up over micro-batches.
public struct PPOPolicyResult {
    /// The micro-batch's share of the loss of the optimizer step, a scalar with gradients.
    public let loss: Tensor
    /// N.
    public let tokens: Int
    /// Tokens where clipping counted (`policy/clipfrac_avg`).
    public let clipped: Int
    /// Sum over tokens of (log rho)^2 / 2, which estimates KL(old || new) (`policy/approxkl_avg`).
    public let divergenceSum: Double
    /// Sum over tokens of rho (`val/ratio`).
    public let ratioSum: Double
}

extension Tensor {
    /// How many elements of a bool tensor are true.
    func count() -> Int { Int(total()) }

    /// The sum of all elements in f64, without gradients.
    func total() -> Double { detached().sum(dtype: .float64).item(Double.self) }
}
