import FileFormats
import Foundation
import Layers
import Records

extension DecoderConfiguration {
    /// Reads a Hugging Face `config.json` of a text model, in the older spelling (`rope_theta`,
    /// `rope_scaling`) and the newer one (`rope_parameters`).
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(huggingFace file: URL) throws(FormatError) {
        let json = try ConfigurationFile(file)
        let family = try DecoderFamily(json, else: nil)
        self = try DecoderConfiguration(json, family.withoutSizes)
    }

    /// - Parameter family: what is not in the file.
    init(_ json: ConfigurationFile, _ family: DecoderFamily) throws(FormatError) {
        let activation = json.values["hidden_act"]?.string ?? "silu"
        guard activation == "silu" else {
            throw json.error("hidden_act", "'\(activation)' is not supported; silu is")
        }
        guard try !json.flag("use_sliding_window", else: false) else {
            throw json.error("use_sliding_window", "is not supported")
        }
        let sizes = family.sizes
        let hidden = try json.integer("hidden_size", else: sizes?.hidden)
        let heads = try json.integer("num_attention_heads", else: sizes?.heads)
        let bias = try json.flag("attention_bias", else: false)
        self = try DecoderConfiguration(
            vocabularySize: json.integer("vocab_size", else: sizes?.vocabulary),
            hiddenSize: hidden,
            layers: json.integer("num_hidden_layers", else: sizes?.layers), heads: heads,
            keyValueHeads: json.integer(
                "num_key_value_heads", else: sizes?.keyValueHeads ?? heads),
            headSize: json.integer("head_dim", else: hidden / max(heads, 1)),
            intermediateSize: json.integer("intermediate_size", else: sizes?.intermediate),
            normEpsilon: json.number("rms_norm_eps", else: family.normEpsilon),
            ropeTheta: json.ropeTheta(else: family.ropeTheta), ropeScaling: json.ropeScaling(),
            maximumPositions: json.integer(
                "max_position_embeddings", else: family.maximumPositions),
            tiedEmbeddings: json.values["tie_word_embeddings"]?.bool ?? false,
            attentionBias: family.attentionBias ?? bias,
            attentionOutputBias: family.attentionBias == nil && bias,
            feedForwardBias: json.values["mlp_bias"]?.bool ?? false,
            multimodalSections: family.multimodalSections == nil
                ? nil : json.multimodalSections(else: family.multimodalSections ?? [])
        ).validated(in: json.path)
    }
}
