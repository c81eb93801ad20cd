import Checkpoints
import FileFormats
import Layers
import Torch

/// What every block of one forward pass shares.
struct ForwardPass {
    /// [T, d / 2], f32
    let cosine: Tensor
    let sine: Tensor
    let lengths: [Int]
    /// The sequence that each continues, or -1.
    let prefixes: [Int]
    let cached: CachedSequences?
    /// Tokens each sequence had in the cache before this pass.
    let past: [Int]
    /// Collects the weights of attention where someone looks at them.
    var observer: AttentionObserver?
}

/// One block: x + attention(norm x), then x + feedForward(norm x).
struct DecoderBlock {
    let attention: Attention
    let feedForward: FeedForward
    let attentionNorm: RMSNorm
    let feedForwardNorm: RMSNorm

    init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let epsilon = configuration.normEpsilon
        let sizes = [configuration.hiddenSize]
        attention = try Attention(configuration, weights["self_attn"], state)
        feedForward = try FeedForward(configuration, weights["mlp"], state)
        attentionNorm = RMSNorm(
            weight: try weights["input_layernorm"].load("weight", sizes), epsilon: epsilon)
        feedForwardNorm = RMSNorm(
            weight: try weights["post_attention_layernorm"].load("weight", sizes), epsilon: epsilon)
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor, _ pass: ForwardPass, layer: Int) -> Tensor {
        let attended = x + attention(attentionNorm(x), pass, layer: layer)
        return attended + feedForward(feedForwardNorm(attended))
    }
}
