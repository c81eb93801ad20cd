import Torch

/// A copy of a whole linear layer, kept in f32 and trained in the layer's place, as PEFT's
/// `modules_to_save` does.
public final class TrainedLayer {
    /// [out, in]
    public let weight: Tensor
    /// [out]
    public let bias: Tensor?

    /// Starts with copies of given weights.
    public init(weight: Tensor, bias: Tensor?) {
        self.weight = Self.trainable(weight)
        self.bias = bias.map(Self.trainable)
    }

    /// Both by the names they have in a checkpoint.
    public var tensors: [(name: String, tensor: Tensor)] {
        [("weight", weight)] + (bias.map { [("bias", $0)] } ?? [])
    }

    /// x [T, in] -> [T, out], in x's dtype.
    func callAsFunction(_ x: Tensor) -> Tensor { x.trainedProjection(weight, bias: bias) }

    private static func trainable(_ tensor: Tensor) -> Tensor {
        let copy = tensor.detached().to(.float32) + 0
        copy.requiresGrad = true
        return copy
    }
}
