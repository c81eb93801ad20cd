import Checkpoints
import FileFormats
import Layers
import Torch

/// Grouped-query self-attention with rotary positions.
struct Attention {
    let projection: Linear
    let output: Linear
    private let configuration: DecoderConfiguration
    private let headNorms: HeadNorms?
    /// How many numbers of each head are rotated; 0 where positions are not known.
    private let rotatedSize: Int

    init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath, layer: Int,
        _ state: AdapterState
    ) throws(FormatError) {
        let (names, block) = (configuration.names, configuration.block)
        let inputs = [DecoderNames.Module.query, .key, .value].map { names[$0] }
        projection = try Linear(
            weights, parts: Array(zip(inputs, configuration.projections)),
            inputs: configuration.hiddenSize, bias: block.attentionBias, state: state)
        output = try Linear(
            weights, parts: [(names[.attentionOutput], configuration.hiddenSize)],
            inputs: configuration.projections[0], bias: block.attentionOutputBias, state: state)
        headNorms = block.normalisesHeads ? try HeadNorms(configuration, weights) : nil
        let isRotated = !configuration.layersWithoutRotary.contains(layer)
        rotatedSize = isRotated ? configuration.rotatedSize : 0
        self.configuration = configuration
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor, _ pass: ForwardPass, layer: Int) -> Tensor {
        let heads = configuration.heads
        let shared = configuration.keyValueHeads
        let scale = configuration.attentionScale
        let rows = rotated(normalised(projection(x)), pass)
        pass.observer?.add(weights(of: rows, scale: scale))
        guard let cached = pass.cached else {
            return output(
                rows.packedAttention(
                    lengths: pass.lengths, prefixes: pass.prefixes, heads: heads,
                    keyValueHeads: shared, scale: scale))
        }
        return output(
            rows.cachedAttention(
                keys: cached.cache.keys[layer], values: cached.cache.values[layer],
                slots: cached.slots, past: pass.past, lengths: pass.lengths, heads: heads,
                keyValueHeads: shared, scale: scale))
    }

    /// rows [T, (H + 2 KV) d], queries | keys | values.
    private func normalised(_ rows: Tensor) -> Tensor {
        guard let headNorms else { return rows }
        return headNorms(
            rows, heads: configuration.heads, keyValueHeads: configuration.keyValueHeads,
            size: configuration.headSize)
    }

    /// The rows with queries and keys at the angles of their positions.
    private func rotated(_ rows: Tensor, _ pass: ForwardPass) -> Tensor {
        let (size, count) = (configuration.headSize, rows.size(0))
        let heads = configuration.heads + configuration.keyValueHeads
        if rotatedSize == size {
            return rows.rotary(cosine: pass.cosine, sine: pass.sine, heads: heads, size: size)
        }
        if rotatedSize == 0 { return rows }
        let parts = rows.view(count, heads + configuration.keyValueHeads, size)
            .split([heads, configuration.keyValueHeads], dim: 1)
        let halves = parts[0].split([rotatedSize, size - rotatedSize], dim: 2)
        let turned = halves[0].reshape([count, heads * rotatedSize])
            .rotary(cosine: pass.cosine, sine: pass.sine, heads: heads, size: rotatedSize)
            .view(count, heads, rotatedSize)
        let together = Tensor.cat([turned, halves[1]], dim: 2)
        return Tensor.cat([together, parts[1]], dim: 1).reshape(rows.shape)
    }

    /// The weights [H, T, T] with which the rows of one sequence look back at each other.
    private func weights(of rows: Tensor, scale: Double) -> Tensor {
        let (count, heads) = (rows.size(0), configuration.heads)
        let shared = configuration.keyValueHeads
        let parts = rows.detached().to(.float32).view(count, -1, configuration.headSize)
            .transpose(0, 1)
        let queries = parts.slice(0, 0..<heads)
        let keys = parts.slice(0, heads..<(heads + shared))
            .repeatInterleave(heads / shared, dim: 0)
        let products = queries.matmul(keys.transpose(1, 2)) * scale
        let places = Tensor.arange(0, count, on: rows.device)
        let ahead = places.unsqueeze(1).less(than: places.unsqueeze(0))
        return products.maskedFill(ahead, -.infinity).softmax(-1)
    }
}
