import Checkpoints
import FileFormats
import Layers
import Torch

/// LLaVA's way from a tower's features to the decoder's space: linear_2(activation(linear_1 x))
/// (arXiv:2310.03744).
public final class Projector {
    public let linears: [Linear]
    private let activation: Activation

    init(
        inputs: Int, outputs: Int, _ configuration: VisionConfiguration.Projector,
        _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let bias = configuration.bias
        linears = [
            try Linear(
                weights, parts: [("linear_1", outputs)], inputs: inputs, bias: bias, state: state),
            try Linear(
                weights, parts: [("linear_2", outputs)], inputs: outputs, bias: bias, state: state),
        ]
        activation = configuration.activation
    }

    /// x [T, V] -> [T, D].
    func callAsFunction(_ x: Tensor) -> Tensor { linears[1](activation(linears[0](x))) }
}
