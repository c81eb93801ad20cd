import FileFormats
import Foundation
import Layers
import Records

extension DecoderConfiguration {
    /// Reads a Hugging Face `config.json` of a text model, in the older spelling (`rope_theta`,
    /// `rope_scaling`) and the newer one (`rope_parameters`).
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(
        huggingFace file: URL, families: ModelFamilies = .known
    ) throws(FormatError) {
        let json = try ConfigurationFile(file)
        self = try DecoderConfiguration(json, families.text(json), isPart: false)
    }

    /// - Parameters:
    ///   - family: what is not in the file.
    ///   - isPart: whether the file describes a larger model, whose text may leave out its sizes.
    init(
        _ json: ConfigurationFile, _ family: ModelFamily, isPart: Bool
    ) throws(FormatError) {
        try json.refuseWindows()
        let defaults = family.defaults
        let sizes = isPart ? defaults.sizes : nil
        let hidden = try json.integer("hidden_size", else: sizes?.hidden)
        let heads = try json.integer("num_attention_heads", else: sizes?.heads)
        var decoder = try DecoderConfiguration(
            vocabularySize: json.integer("vocab_size", else: sizes?.vocabulary),
            hiddenSize: hidden,
            layers: json.integer("num_hidden_layers", else: sizes?.layers), heads: heads,
            keyValueHeads: json.integer(
                "num_key_value_heads", else: sizes?.keyValueHeads ?? heads),
            headSize: json.integer("head_dim", else: defaults.headSize ?? hidden / max(heads, 1)),
            intermediateSize: json.integer("intermediate_size", else: sizes?.intermediate),
            normEpsilon: json.number(defaults.normEpsilonKey, else: defaults.normEpsilon),
            ropeTheta: json.ropeTheta(else: defaults.ropeTheta), ropeScaling: json.ropeScaling(),
            maximumPositions: json.integer(
                "max_position_embeddings", else: defaults.maximumPositions),
            tiedEmbeddings: json.flag("tie_word_embeddings", else: defaults.tiedEmbeddings),
            scalesEmbeddings: family.scalesEmbeddings, block: family.block, names: family.names)
        for key in family.keys { try key.read(json, key.name, &decoder) }
        self = try decoder.validated(in: json.path, epsilonKey: defaults.normEpsilonKey)
    }
}

extension ConfigurationFile {
    /// What the newer configuration classes of all families say about windows of attention.
    fileprivate func refuseWindows() throws(FormatError) {
        guard try !flag("use_sliding_window", else: false) else {
            throw error("use_sliding_window", "is not supported")
        }
        for type in values["layer_types"]?.array ?? [] where type.string != "full_attention" {
            throw error(
                "layer_types", "'\(type.string ?? "")' is not supported; full_attention is")
        }
    }
}

extension ModelFamily {
    /// The configuration as the family's config.json has it.
    ///
    /// - Throws: ``FormatError`` for what such a file has no words for.
    func huggingFace(
        _ decoder: DecoderConfiguration, in file: String
    ) throws(FormatError) -> [String: JSONValue] {
        var values: [String: JSONValue] = [
            "model_type": .string(type), "vocab_size": .integer(decoder.vocabularySize),
            "hidden_size": .integer(decoder.hiddenSize),
            "num_hidden_layers": .integer(decoder.layers),
            "num_attention_heads": .integer(decoder.heads),
            "num_key_value_heads": .integer(decoder.keyValueHeads),
            "head_dim": .integer(decoder.headSize),
            "intermediate_size": .integer(decoder.intermediateSize),
            defaults.normEpsilonKey: .number(decoder.normEpsilon),
            "rope_theta": .number(decoder.ropeTheta),
            "rope_scaling": try decoder.ropeScaling?.huggingFace(in: file) ?? .null,
            "max_position_embeddings": .integer(decoder.maximumPositions),
            "tie_word_embeddings": .bool(decoder.tiedEmbeddings),
        ]
        for key in keys { values[key.name] = key.write(decoder) ?? values[key.name] }
        let written = ConfigurationFile(path: file, values: .object(values))
        guard try DecoderConfiguration(written, self, isPart: false) == decoder else {
            throw FormatError(
                file: file, item: "config.json",
                reason: "has no words for everything that this \(type) model is")
        }
        return values
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
