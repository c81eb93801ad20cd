import Torch

/// What a model thinks of given tokens, without the logits of the whole vocabulary ever being
/// kept.
public struct TokenScores {
    /// log p(target), [N] in f32, with gradients to the hidden states.
    public let logProbabilities: Tensor
    /// Entropy of each position's distribution in nats, [N].
    public let entropies: Tensor
    /// 1 where the target was the most probable token, else 0, [N].
    public let isTop: Tensor

    /// - Parameters:
    ///   - hidden: hidden states of the positions that predict, [N, D].
    ///   - targets: the token each predicts, [N], int64.
    ///   - weight: the frozen output layer [V, D].
    ///   - chunk: positions whose logits exist at once; sums run in f32 whatever its size.
    ///   - temperature: what the logits are divided by, in f32; above 0.
    public init(
        hidden: Tensor, targets: Tensor, weight: FrozenWeight, chunk: Int = 256,
        temperature: Double = 1
    ) {
        let scores = hidden.tokenScores(
            weight: weight.stored, targets: targets, chunk: chunk, scale: 1 / temperature)
        (logProbabilities, entropies, isTop) = (scores[0], scores[1], scores[2])
    }
}
