import Torch

/// Root-mean-square normalisation with a learned scale (arXiv:1910.07467).
public struct RMSNorm {
    /// [D]
    public let weight: Tensor
    public let epsilon: Double

    public init(weight: Tensor, epsilon: Double) {
        self.weight = weight
        self.epsilon = epsilon
    }

    /// x [T, D] -> [T, D].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.rmsNorm(weight, epsilon: epsilon) }
}
