import Torch

/// Collects the weights of attention of every layer that a pass goes through.
final class AttentionObserver {
    /// Keep the heads' mean [1, n, n] alone: a large image has thousands of rows.
    let meansHeads: Bool
    /// [H, n, n] for each layer.
    private(set) var weights: [Tensor] = []

    init(meansHeads: Bool = false) { self.meansHeads = meansHeads }

    func add(_ layer: Tensor) { weights.append(layer) }
}
