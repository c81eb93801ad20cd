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
            inputs: configuration.projections[0], bias: configuration.attentionBias, state: state)
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
}
