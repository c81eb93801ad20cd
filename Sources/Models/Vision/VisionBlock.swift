import Checkpoints
import FileFormats
import Layers
import Torch

/// One block of a tower: x + scale1 * attention(norm1 x), then x + scale2 * network(norm2 x).
struct VisionBlock {
    let norm1: VisionNorm
    let attention: VisionAttention
    /// [D]; nil where nothing is scaled.
    let scale1: Tensor?
    let norm2: VisionNorm
    let network: VisionNetwork
    let scale2: Tensor?

    var linears: [Linear] { [attention.projection, attention.output] + network.linears }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor, _ pass: VisionPass) -> Tensor {
        let attended = x + Self.scaled(attention(norm1(x), pass), scale1)
        return attended + Self.scaled(network(norm2(attended)), scale2)
    }

    private static func scaled(_ x: Tensor, _ scale: Tensor?) -> Tensor {
        scale.map { x * $0 } ?? x
    }
}

/// Either normalisation.
enum VisionNorm {
    case layer(LayerNorm)
    case rootMeanSquare(RMSNorm)

    init(layer weights: WeightPath, size: Int, epsilon: Double) throws(FormatError) {
        self = .layer(
            LayerNorm(
                weight: try weights.load("weight", [size]), bias: try weights.load("bias", [size]),
                epsilon: epsilon))
    }

    init(rootMeanSquare weights: WeightPath, size: Int, epsilon: Double) throws(FormatError) {
        self = .rootMeanSquare(
            RMSNorm(weight: try weights.load("weight", [size]), epsilon: epsilon))
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .layer(let norm): norm(x)
        case .rootMeanSquare(let norm): norm(x)
        }
    }
}

/// The feed-forward network of a block, plain or gated.
enum VisionNetwork {
    case plain(Linear, Activation, Linear)
    /// gate and up are one layer.
    case gated(Linear, Linear)

    /// fc2(activation(fc1 x)).
    init(
        plain weights: WeightPath, size: Int, inner: Int, _ activation: Activation,
        _ state: AdapterState
    ) throws(FormatError) {
        self = .plain(
            try Linear(weights, parts: [("fc1", inner)], inputs: size, bias: true, state: state),
            activation,
            try Linear(weights, parts: [("fc2", size)], inputs: inner, bias: true, state: state))
    }

    /// down(silu(gate x) * up x), with biases.
    init(
        gated weights: WeightPath, size: Int, inner: Int, _ state: AdapterState
    ) throws(FormatError) {
        self = .gated(
            try Linear(
                weights, parts: [("gate_proj", inner), ("up_proj", inner)], inputs: size,
                bias: true, state: state),
            try Linear(
                weights, parts: [("down_proj", size)], inputs: inner, bias: true, state: state))
    }

    var linears: [Linear] {
        switch self {
        case .plain(let first, _, let second): [first, second]
        case .gated(let gateUp, let down): [gateUp, down]
        }
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .plain(let first, let activation, let second): second(activation(first(x)))
        case .gated(let gateUp, let down): down(gateUp(x).swiglu())
        }
    }
}
