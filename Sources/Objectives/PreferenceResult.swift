import Torch

/// What a loss on pairs says of one micro-batch.
public struct PreferenceResult {
    /// The micro-batch's share of the loss of the optimizer step, a scalar with gradients.
    public let loss: Tensor
    /// The loss of each pair before it is weighted and divided by the normaliser, [B], without
    /// gradients.
    public let losses: Tensor
    /// The reward that the model gives each chosen completion, [B], without gradients.
    public let chosenRewards: Tensor
    /// The reward that the model gives each rejected completion, [B], without gradients.
    public let rejectedRewards: Tensor

    /// - Parameter weights: what each loss is multiplied by, [B]; nil means 1.
    init(
        _ losses: Tensor, _ normaliser: Int, weights: Tensor? = nil, chosen: Tensor,
        rejected: Tensor
    ) {
        loss = (weights.map { losses * $0 } ?? losses).sum() / Double(normaliser)
        self.losses = losses.detached()
        (chosenRewards, rejectedRewards) = (chosen.detached(), rejected.detached())
    }
}
