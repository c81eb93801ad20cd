import Checkpoints
import FileFormats
import Foundation
import Layers
import Records
import Torch

/// The decoder of a model that is put together: a Hugging Face folder or a GGUF file.
struct LlavaDecoderPart {
    /// What becomes `text_config`.
    let values: [String: JSONValue]
    private let source: any WeightSource

    /// - Throws: ``FormatError`` when it is no text model that can be read.
    init(_ url: URL) throws(FormatError) {
        guard (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true else {
            let weights = try GGUFWeights(GGUF(url: url))
            values = try DecoderConfiguration(weights).huggingFace(in: url.path)
            source = weights
            return
        }
        let file = url.appending(path: "config.json")
        _ = try DecoderConfiguration(huggingFace: file)
        values = try JSONDocument.read(file).object ?? [:]
        source = try SafetensorsWeights(url: url)
    }

    /// The weights under the names they have in a larger model.
    func entries(
        _ configuration: DecoderConfiguration, _ dtype: DType
    ) throws(FormatError) -> [TensorFile.Entry] {
        var entries: [TensorFile.Entry] = []
        for name in configuration.weightNames {
            guard let shape = source.shape(of: name) else {
                throw FormatError(
                    file: source.origin, item: name, reason: "there is no such tensor")
            }
            entries.append(
                TensorFile.Entry(name: WeightNames.llava.current(name), dtype: dtype, shape: shape)
                { [source] () throws(FormatError) in try source.tensor(name, as: dtype) })
        }
        return entries
    }
}

extension DecoderConfiguration {
    /// The names of all weights in a text model's own folder.
    fileprivate var weightNames: [String] {
        let attention = ["q_proj", "k_proj", "v_proj"].flatMap { name in
            Self.names("self_attn.\(name)", bias: attentionBias)
        }
        let output = Self.names("self_attn.o_proj", bias: attentionOutputBias)
        let network = ["gate_proj", "up_proj", "down_proj"].flatMap { name in
            Self.names("mlp.\(name)", bias: feedForwardBias)
        }
        let norms = ["input_layernorm.weight", "post_attention_layernorm.weight"]
        let layer = attention + output + network + norms
        return ["model.embed_tokens.weight", "model.norm.weight"]
            + (tiedEmbeddings ? [] : ["lm_head.weight"])
            + (0..<layers).flatMap { index in layer.map { "model.layers.\(index).\($0)" } }
    }

    private static func names(_ module: String, bias: Bool) -> [String] {
        ["\(module).weight"] + (bias ? ["\(module).bias"] : [])
    }

    /// The configuration as `LlamaConfig` has it.
    ///
    /// - Throws: ``FormatError`` for positions that it has no words for.
    fileprivate func huggingFace(in file: String) throws(FormatError) -> [String: JSONValue] {
        guard attentionBias == attentionOutputBias else {
            throw FormatError(file: file, item: "attention_bias", reason: "is not of all layers")
        }
        return [
            "model_type": .string("llama"), "vocab_size": .integer(vocabularySize),
            "hidden_size": .integer(hiddenSize), "num_hidden_layers": .integer(layers),
            "num_attention_heads": .integer(heads),
            "num_key_value_heads": .integer(keyValueHeads), "head_dim": .integer(headSize),
            "intermediate_size": .integer(intermediateSize), "hidden_act": .string("silu"),
            "rms_norm_eps": .number(normEpsilon), "rope_theta": .number(ropeTheta),
            "rope_scaling": try ropeScaling?.huggingFace(in: file) ?? .null,
            "max_position_embeddings": .integer(maximumPositions),
            "tie_word_embeddings": .bool(tiedEmbeddings), "attention_bias": .bool(attentionBias),
            "mlp_bias": .bool(feedForwardBias),
        ]
    }
}

extension RotaryScaling {
    fileprivate func huggingFace(in file: String) throws(FormatError) -> JSONValue {
        switch self {
        case .linear(let factor):
            return .object(["rope_type": .string("linear"), "factor": .number(factor)])
        case .llama3(let factor, let low, let high, let original):
            return .object([
                "rope_type": .string("llama3"), "factor": .number(factor),
                "low_freq_factor": .number(low), "high_freq_factor": .number(high),
                "original_max_position_embeddings": .integer(original),
            ])
        case .factors:
            throw FormatError(
                file: file, item: "rope_freqs.weight", reason: "has no place in a config.json")
        }
    }
}
