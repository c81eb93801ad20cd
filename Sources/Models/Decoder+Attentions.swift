import Torch

extension Decoder {
    /// The weights with which the tokens of one sequence look back at each other in every layer,
    /// [H, T, T] in f32; a slow path, for looking at them.
    ///
    /// - Parameter images: what stands in the place of some tokens' embeddings.
    public func attentions(_ batch: TokenBatch, images: ImageRows? = nil) -> [Tensor] {
        precondition(batch.lengths.count == 1, "attention of \(batch.lengths.count) sequences")
        let observer = AttentionObserver()
        withInference {
            var pass = pass(batch, continuing: nil)
            pass.observer = observer
            var x = embedded(batch, images)
            for (layer, block) in blocks.enumerated() { x = block(x, pass, layer: layer) }
        }
        return observer.weights
    }
}
