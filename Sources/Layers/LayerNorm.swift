import Torch

/// Normalisation to mean 0 and variance 1 with a learned scale and shift (arXiv:1607.06450).
public struct LayerNorm {
    /// [D]
    public let weight: Tensor
    /// [D]
    public let bias: Tensor
    public let epsilon: Double

    public init(weight: Tensor, bias: Tensor, epsilon: Double) {
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }

    /// x [T, D] -> [T, D].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.layerNorm(weight, bias: bias, epsilon: epsilon)
    }
}
