import Checkpoints
import FileFormats
import Layers
import Torch

/// What every block of one forward pass shares.
struct ForwardPass {
    /// [T, rotated numbers of a head / 2], f32
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

/// One block: attention and feed-forward network, arranged as the family has them.
struct DecoderBlock {
    /// How the two follow each other, with the norms between them.
    private enum Arrangement {
        case sequential(feedForwardNorm: Norm)
        case normsBehind(attention: Norm, feedForwardNorm: Norm, feedForward: Norm)
        case parallel
    }

    let attention: Attention
    let feedForward: FeedForward
    private let attentionNorm: Norm
    private let arrangement: Arrangement

    init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath, layer: Int,
        _ state: AdapterState
    ) throws(FormatError) {
        func norm(_ module: DecoderNames.Module) throws(FormatError) -> Norm {
            try Norm(
                configuration.block.norm, weights[configuration.names[module]],
                size: configuration.hiddenSize, epsilon: configuration.normEpsilon)
        }
        attention = try Attention(configuration, weights, layer: layer, state)
        feedForward = try FeedForward(configuration, weights, state)
        attentionNorm = try norm(.attentionNorm)
        arrangement =
            switch configuration.block.arrangement {
            case .sequential: .sequential(feedForwardNorm: try norm(.feedForwardNorm))
            case .normsBehind:
                .normsBehind(
                    attention: try norm(.attentionPostNorm),
                    feedForwardNorm: try norm(.feedForwardNorm),
                    feedForward: try norm(.feedForwardPostNorm))
            case .parallel: .parallel
            }
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor, _ pass: ForwardPass, layer: Int) -> Tensor {
        let normed = attentionNorm(x)
        let attended = attention(normed, pass, layer: layer)
        switch arrangement {
        case .sequential(let feedForwardNorm):
            let sum = x + attended
            return sum + feedForward(feedForwardNorm(sum))
        case .normsBehind(let behindAttention, let feedForwardNorm, let behindFeedForward):
            let sum = x + behindAttention(attended)
            return sum + behindFeedForward(feedForward(feedForwardNorm(sum)))
        case .parallel: return x + attended + feedForward(normed)
        }
    }
}
