import Checkpoints
import FileFormats
import Layers
import Torch

/// The vision transformer of CLIP, SigLIP and DINOv2 (arXiv:2010.11929, 2303.15343, 2309.16588).
final class VisionTransformer: VisionTower {
    let width: Int
    private let embedding: VisionEmbedding
    private let firstNorm: VisionNorm?
    private let blocks: VisionBlocks
    /// Layers after which the features are taken, side by side; 0 is before the first.
    private let featureLayers: [Int]

    /// - Parameter featureLayers: 0 for what enters the first block, and so on.
    init(
        _ configuration: VisionTransformerConfiguration, _ weights: WeightPath,
        returning featureLayers: [Int], _ state: AdapterState
    ) throws(FormatError) {
        let names = configuration.kind.names
        embedding = try VisionEmbedding(configuration, weights)
        if let name = names.firstNorm {
            firstNorm = try VisionNorm(
                layer: weights[name], size: configuration.hiddenSize,
                epsilon: configuration.normEpsilon)
        } else {
            firstNorm = nil
        }
        var blocks: [VisionBlock] = []
        for layer in 0..<configuration.layers {
            blocks.append(
                try VisionBlock(configuration, weights[names.layers]["\(layer)"], state))
        }
        self.blocks = VisionBlocks(blocks, state)
        self.featureLayers = featureLayers
        width = configuration.hiddenSize * featureLayers.count
    }

    var linears: [Linear] { blocks.linears }

    var recomputesActivations: Bool {
        get { blocks.recomputesActivations }
        set { blocks.recomputesActivations = newValue }
    }

    func features(_ inputs: [VisionInput]) -> [Tensor] {
        // Images of one size go through together.
        var results: [Int: Tensor] = [:]
        let groups = Dictionary(grouping: inputs.indices) { inputs[$0].pixels.shape }
        for indices in groups.values.sorted(by: { $0[0] < $1[0] }) {
            let features = run(indices.map { inputs[$0].pixels }, observer: nil)
            for (row, index) in indices.enumerated() { results[index] = features.select(0, row) }
        }
        return inputs.indices.compactMap { results[$0] }
    }

    func attentions(_ input: VisionInput, meansHeads: Bool) -> [Tensor] {
        let observer = AttentionObserver(meansHeads: meansHeads)
        _ = withInference { run([input.pixels], observer: observer) }
        return observer.weights
    }

    /// Images of one size -> features [B, rows, width].
    private func run(_ images: [Tensor], observer: AttentionObserver?) -> Tensor {
        var x = embedding(.stack(images))
        if let firstNorm { x = firstNorm(x) }
        let rows = x.size(0) / images.count
        let pass = VisionPass(pieces: images.map { _ in rows }, observer: observer)
        var states = [x]
        // Layers behind the last that is looked at change nothing.
        for layer in 0..<(featureLayers.max() ?? 0) {
            states.append(blocks.run(layer, states[layer], pass))
        }
        let chosen = featureLayers.map { states[$0].view(images.count, rows, -1) }
        return chosen.count == 1 ? chosen[0] : .cat(chosen, dim: 2)
    }
}

extension VisionBlock {
    /// Block of a vision transformer at its place.
    fileprivate init(
        _ configuration: VisionTransformerConfiguration, _ weights: WeightPath,
        _ state: AdapterState
    ) throws(FormatError) {
        let (names, size) = (configuration.kind.names, configuration.hiddenSize)
        let epsilon = configuration.normEpsilon
        norm1 = try VisionNorm(layer: weights[names.norm1], size: size, epsilon: epsilon)
        norm2 = try VisionNorm(layer: weights[names.norm2], size: size, epsilon: epsilon)
        let place = weights[names.attention]
        attention = VisionAttention(
            projection: try Linear(
                place, parts: ["q_proj", "k_proj", "v_proj"].map { ($0, size) }, inputs: size,
                bias: configuration.attentionBias, state: state),
            output: try Linear(
                place, parts: [(names.output, size)], inputs: size, bias: true, state: state),
            heads: configuration.heads)
        let (mlp, inner) = (weights["mlp"], configuration.intermediateSize)
        network =
            try configuration.isGated
            ? VisionNetwork(gated: mlp, size: size, inner: inner, state)
            : VisionNetwork(plain: mlp, size: size, inner: inner, configuration.activation, state)
        if let scales = names.scales {
            scale1 = try weights.load(scales.first, [size])
            scale2 = try weights.load(scales.second, [size])
        } else {
            (scale1, scale2) = (nil, nil)
        }
    }
}
