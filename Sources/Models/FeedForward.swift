import Checkpoints
import FileFormats
import Layers
import Torch

/// The gated feed-forward network: down(silu(gate x) * up x) (arXiv:2002.05202).
struct FeedForward {
    let gateUp: Linear
    let down: Linear

    init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let inner = configuration.intermediateSize
        gateUp = try Linear(
            weights, parts: [("gate_proj", inner), ("up_proj", inner)],
            inputs: configuration.hiddenSize, bias: configuration.feedForwardBias, state: state)
        down = try Linear(
            weights, parts: [("down_proj", configuration.hiddenSize)], inputs: inner,
            bias: configuration.feedForwardBias, state: state)
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor) -> Tensor { down(gateUp(x).swiglu()) }
}
