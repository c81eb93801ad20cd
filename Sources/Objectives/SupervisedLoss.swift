import Torch

/// What a labelled token counts in supervised fine-tuning.
public enum SupervisedLoss: String, Sendable, Codable, CaseIterable {
    /// Negative log-likelihood.
    case nll
    /// Dynamic fine-tuning: each token also times its own probability, taken as a constant
    /// (arXiv:2508.05629).
    case dft

    /// sum over tokens of -log p (times stop_gradient(p) for dft), divided by `normaliser`.
    ///
    /// - Parameters:
    ///   - logProbabilities: of the labelled tokens of one micro-batch, [N].
    ///   - normaliser: labelled tokens of the whole optimizer step, so that the loss does not
    ///     depend on how the step is cut into micro-batches.
    public func callAsFunction(_ logProbabilities: Tensor, normaliser: Int) -> Tensor {
        switch self {
        case .nll: -logProbabilities.sum() / Double(normaliser)
        case .dft:
            -(logProbabilities * logProbabilities.detached().exp()).sum() / Double(normaliser)
        }
    }
}
