import Torch

/// The completion tokens of a micro-batch under the policies that a ratio compares.
///
/// A truncated completion that shall not teach has no token here (length 0) but still counts
/// among the step's completions, as in TRL (`mask_truncated_completions`).
public struct PolicyTokens {
    /// Log-probabilities under the policy in training, [N], with gradients.
    public let current: Tensor
    /// Under the policy that sampled them, [N]; the detached `current` while that is the same.
    public let old: Tensor
    /// The same as sampling computed it, [N]; nil where that is one arithmetic with training.
    public let sampled: Tensor?
    /// Under the frozen reference, [N].
    public let reference: Tensor?
    /// Where the B completions lie in N.
    public let segments: TokenSegments

    public init(
        current: Tensor, old: Tensor, sampled: Tensor? = nil, reference: Tensor? = nil,
        segments: TokenSegments
    ) {
        (self.current, self.old, self.reference) = (current, old, reference)
        self.sampled = sampled
        self.segments = segments
    }
}

/// What the whole optimizer step holds, over all micro-batches and devices.
public struct StepTotals: Sendable, Equatable {
    /// Completions, those included whose tokens are masked.
    public var completions: Int
    /// Completion tokens that are not masked.
    public var tokens: Int

    public init(completions: Int, tokens: Int) {
        (self.completions, self.tokens) = (completions, tokens)
    }
}
