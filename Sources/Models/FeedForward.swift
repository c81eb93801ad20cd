import Checkpoints
import FileFormats
import Layers
import Torch

/// The feed-forward network: down(activation(gate x) * up x) (arXiv:2002.05202), or without a gate
/// down(activation(up x)).
struct FeedForward {
    /// gate and up, or up alone.
    let input: Linear
    let down: Linear
    private let activation: Activation
    private let isGated: Bool

    init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let (names, block) = (configuration.names, configuration.block)
        let inner = configuration.intermediateSize
        let modules: [DecoderNames.Module] = block.isGated ? [.gate, .up] : [.up]
        input = try Linear(
            weights, parts: modules.map { (names[$0], inner) },
            inputs: configuration.hiddenSize, bias: block.feedForwardBias, state: state)
        down = try Linear(
            weights, parts: [(names[.down], configuration.hiddenSize)], inputs: inner,
            bias: block.feedForwardBias, state: state)
        (activation, isGated) = (block.activation, block.isGated)
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor) -> Tensor {
        let inner = input(x)
        guard isGated else { return down(activation(inner)) }
        guard activation != .silu else { return down(inner.swiglu()) }
        let size = inner.size(1) / 2
        let halves = inner.split([size, size], dim: 1)
        return down(activation(halves[0]) * halves[1])
    }
}
