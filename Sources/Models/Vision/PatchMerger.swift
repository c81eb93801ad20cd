import Checkpoints
import FileFormats
import Layers
import Torch

/// Makes one token of each square of patches: mlp.2(gelu(mlp.0(norm x))) with the patches of a
/// square side by side.
struct PatchMerger {
    private let norm: VisionNorm
    let linears: [Linear]

    init(
        _ configuration: QwenVisionConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let inner = configuration.hiddenSize * configuration.mergeSize * configuration.mergeSize
        norm = try configuration.norm(weights["ln_q"])
        linears = [
            try Linear(
                weights, parts: [("mlp.0", inner)], inputs: inner, bias: true, state: state),
            try Linear(
                weights, parts: [("mlp.2", configuration.outputWidth)], inputs: inner, bias: true,
                state: state),
        ]
    }

    /// x [T, D] -> [T / m^2, output width].
    func callAsFunction(_ x: Tensor) -> Tensor {
        linears[1](linears[0](norm(x).view(-1, linears[0].inputs)).gelu())
    }
}

extension QwenVisionConfiguration {
    /// The normalisation that the generation has; its epsilon is fixed.
    fileprivate func norm(_ weights: WeightPath) throws(FormatError) -> VisionNorm {
        try windows == nil
            ? VisionNorm(layer: weights, size: hiddenSize, epsilon: 1e-6)
            : VisionNorm(rootMeanSquare: weights, size: hiddenSize, epsilon: 1e-6)
    }
}

extension VisionBlock {
    /// Block of a Qwen tower at its place.
    init(
        _ configuration: QwenVisionConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let (size, inner) = (configuration.hiddenSize, configuration.intermediateSize)
        norm1 = try configuration.norm(weights["norm1"])
        norm2 = try configuration.norm(weights["norm2"])
        attention = VisionAttention(
            projection: try Linear(
                weights["attn"], parts: [("qkv", 3 * size)], inputs: size, bias: true,
                state: state),
            output: try Linear(
                weights["attn"], parts: [("proj", size)], inputs: size, bias: true, state: state),
            heads: configuration.heads)
        network =
            try configuration.windows == nil
            ? VisionNetwork(
                plain: weights["mlp"], size: size, inner: inner, configuration.activation, state)
            : VisionNetwork(gated: weights["mlp"], size: size, inner: inner, state)
        (scale1, scale2) = (nil, nil)
    }
}
