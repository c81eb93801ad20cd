import Torch

/// Log-probabilities of B pairs of completions given their prompts, summed over the completions'
/// tokens: four tensors [B].
public struct PreferencePairs {
    /// Under the model in training, with gradients.
    public let policy: (chosen: Tensor, rejected: Tensor)
    /// Under the reference.
    public let reference: (chosen: Tensor, rejected: Tensor)
    /// Tokens of each completion, which `ipo` divides by.
    public let lengths: (chosen: [Int], rejected: [Int])

    public init(
        policy: (chosen: Tensor, rejected: Tensor), reference: (chosen: Tensor, rejected: Tensor),
        lengths: (chosen: [Int], rejected: [Int])
    ) {
        (self.policy, self.reference, self.lengths) = (policy, reference, lengths)
    }
}
