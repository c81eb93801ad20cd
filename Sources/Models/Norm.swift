import Checkpoints
import FileFormats
import Layers
import Torch

/// A normalisation of either kind.
enum Norm {
    case rootMeanSquare(RMSNorm)
    case meanAndVariance(LayerNorm)

    init(
        _ kind: BlockDescription.NormKind, _ weights: WeightPath, size: Int, epsilon: Double
    ) throws(FormatError) {
        let weight = try weights.load("weight", [size])
        switch kind {
        case .rootMeanSquare(let offset):
            let scale = offset == 0 ? weight : weight + offset
            self = .rootMeanSquare(RMSNorm(weight: scale, epsilon: epsilon))
        case .meanAndVariance:
            let bias = try weights.load("bias", [size])
            self = .meanAndVariance(LayerNorm(weight: weight, bias: bias, epsilon: epsilon))
        }
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .rootMeanSquare(let norm): norm(x)
        case .meanAndVariance(let norm): norm(x)
        }
    }
}
