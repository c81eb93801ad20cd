import Checkpoints
import FileFormats
import Layers
import Torch

/// Grouped-query self-attention with rotary positions.
struct Attention {
    let projection: Linear
    let output: Linear
    let configuration: DecoderConfiguration

    init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let names = ["q_proj", "k_proj", "v_proj"]
        projection = try Linear(
            weights, parts: Array(zip(names, configuration.projections)),
            inputs: configuration.hiddenSize, bias: configuration.attentionBias, state: state)
        output = try Linear(
            weights, parts: [("o_proj", configuration.hiddenSize)],
            inputs: configuration.projections[0], bias: configuration.attentionOutputBias,
            state: state)
        self.configuration = configuration
    }

    /// x [T, D] -> [T, D].
    func callAsFunction(_ x: Tensor, _ pass: ForwardPass, layer: Int) -> Tensor {
        let heads = configuration.heads
        let shared = configuration.keyValueHeads
        let size = configuration.headSize
        let scale = 1 / Double(size).squareRoot()
        let rows = projection(x).rotary(
            cosine: pass.cosine, sine: pass.sine, heads: heads + shared, size: size)
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
