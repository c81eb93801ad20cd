import Checkpoints
import FileFormats
import Records

extension ModelFamily {
    /// `Gemma2Config`: four norms a block with weights around 0, GELU, scaled embeddings. Caps on
    /// attention and logits and windows in every second layer need kernels that there are not yet:
    /// they are refused by name.
    static let gemma2 = ModelFamily(
        type: "gemma2",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 256_000, hidden: 2304, intermediate: 9216, layers: 26, heads: 8,
                keyValueHeads: 4),
            headSize: 256, maximumPositions: 8192, tiedEmbeddings: true),
        block: BlockDescription(
            norm: .rootMeanSquare(offset: 1), arrangement: .normsBehind, activation: .geluTanh),
        scalesEmbeddings: true,
        keys: [
            .activation("hidden_activation"), .attentionBias, .queryScale,
            .onlyNull("attn_logit_softcapping"), .onlyNull("final_logit_softcapping"),
            .slidingWindow(else: 4096),
        ],
        names: .llama.replacing([
            .attentionPostNorm: ("post_attention_layernorm", "post_attention_norm"),
            .feedForwardNorm: ("pre_feedforward_layernorm", "ffn_norm"),
            .feedForwardPostNorm: ("post_feedforward_layernorm", "post_ffw_norm"),
        ]),
        gguf: GGUFDescription(architecture: "gemma2") { metadata, decoder throws(FormatError) in
            decoder.block.attentionScale = 1 / Double(decoder.headSize).squareRoot()
            try metadata.refuse("attn_logit_softcapping", else: 50)
            try metadata.refuse("final_logit_softcapping", else: 30)
            let window = try metadata.integer("attention.sliding_window", else: 4096)
            guard window == 0 || window >= decoder.maximumPositions else {
                throw metadata.error("attention.sliding_window", "\(window) is not supported")
            }
        })
}

extension ConfigurationKey {
    /// Products of queries and keys are divided by the square root of a number of its own.
    fileprivate static let queryScale = ConfigurationKey("query_pre_attn_scalar") {
        json, key, decoder throws(FormatError) in
        let scalar = try json.number(key, else: 256)
        guard scalar > 0 else { throw json.error(key, "\(scalar) is not positive") }
        decoder.block.attentionScale = 1 / scalar.squareRoot()
    } write: { decoder in
        .integer(Int((1 / (decoder.attentionScale * decoder.attentionScale)).rounded()))
    }
}
