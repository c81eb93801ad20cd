import Torch

/// Collects the weights of attention of every layer that a pass goes through.
final class AttentionObserver {
    /// [H, n, n] for each layer.
    private(set) var weights: [Tensor] = []

    func add(_ layer: Tensor) { weights.append(layer) }
}
