import Torch

/// How much of each row's input every row of the last layer has seen, followed through all layers
/// of attention.
///
/// Source: Abnar and Zuidema, "Quantifying Attention Flow in Transformers" (2020,
/// arXiv:2005.00928): the heads' mean, half of it the residual path, multiplied layer by layer.
enum AttentionRollout {
    /// - Parameter layers: [H, n, n] each, rows sum to 1, the first layer first; one at least.
    /// - Returns: [n, n]; row i tells where what stands in row i at the end comes from.
    static func rollout(_ layers: [Tensor]) -> Tensor {
        precondition(!layers.isEmpty, "no layer to follow")
        let count = layers[0].size(-1)
        let identity = Tensor(
            (0..<count).flatMap { row in
                (0..<count).map { Float($0 == row ? 1 : 0) }
            }, shape: [count, count]
        ).to(layers[0].device)
        return layers.reduce(identity) { seen, layer in
            let mixed = (layer.to(.float32).mean(0) + identity) * 0.5
            return (mixed / mixed.sum(1, keepDim: true)).matmul(seen)
        }
    }

    /// What all rows at the end have seen of each patch: the mean over rows of what is in the
    /// columns of the patches.
    ///
    /// - Parameter patches: how many of the last rows are patches; what comes before, a class token
    ///   and registers, is no place in the image.
    static func map(_ layers: [Tensor], patches: Int) -> [Float] {
        let seen = rollout(layers)
        let count = seen.size(0)
        return seen.slice(0, (count - patches)..<count).slice(1, (count - patches)..<count)
            .mean(0).values(Float.self)
    }
}
