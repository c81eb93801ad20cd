import FileFormats
import Foundation
import Layers
import Records

extension DecoderConfiguration {
    /// Reads a Hugging Face `config.json`, in the older spelling (`rope_theta`, `rope_scaling`) and
    /// the newer one (`rope_parameters`).
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(huggingFace file: URL) throws(FormatError) {
        let json = ConfigurationFile(path: file.path, values: try Self.readJSON(file))
        let type = json.values["model_type"]?.string ?? "none"
        guard type == "llama" else {
            throw json.error("model_type", "'\(type)' is not supported; llama is")
        }
        let activation = json.values["hidden_act"]?.string ?? "silu"
        guard activation == "silu" else {
            throw json.error("hidden_act", "'\(activation)' is not supported; silu is")
        }
        let hidden = try json.integer("hidden_size")
        let heads = try json.integer("num_attention_heads")
        self = try DecoderConfiguration(
            vocabularySize: json.integer("vocab_size"), hiddenSize: hidden,
            layers: json.integer("num_hidden_layers"), heads: heads,
            keyValueHeads: json.integer("num_key_value_heads", else: heads),
            headSize: json.integer("head_dim", else: hidden / max(heads, 1)),
            intermediateSize: json.integer("intermediate_size"),
            normEpsilon: json.number("rms_norm_eps", else: 1e-6),
            ropeTheta: json.number("rope_theta", else: json.rope["rope_theta"]?.number ?? 10_000),
            ropeScaling: json.ropeScaling(),
            maximumPositions: json.integer("max_position_embeddings", else: 2048),
            tiedEmbeddings: json.values["tie_word_embeddings"]?.bool ?? false,
            attentionBias: json.values["attention_bias"]?.bool ?? false,
            feedForwardBias: json.values["mlp_bias"]?.bool ?? false
        ).validated(in: file.path)
    }

    private static func readJSON(_ file: URL) throws(FormatError) -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
        } catch {
            throw FormatError(file: file.path, reason: "is missing or not valid JSON")
        }
    }
}

/// A configuration's values with errors that name file and key.
private struct ConfigurationFile {
    let path: String
    let values: JSONValue

    var rope: JSONValue {
        let places = [values["rope_parameters"], values["rope_scaling"]].compactMap { $0 }
        return places.first { $0 != .null } ?? .null
    }

    func error(_ key: String, _ reason: String) -> FormatError {
        FormatError(file: path, item: key, reason: reason)
    }

    func integer(_ key: String, else fallback: Int? = nil) throws(FormatError) -> Int {
        switch values[key] {
        case nil, .null:
            guard let fallback else { throw error(key, "is missing") }
            return fallback
        case let value?:
            guard let integer = value.integer else { throw error(key, "is not a whole number") }
            return integer
        }
    }

    func number(_ key: String, else fallback: Double) throws(FormatError) -> Double {
        guard let value = values[key], value != .null else { return fallback }
        guard let number = value.number else { throw error(key, "is not a number") }
        return number
    }

    func ropeScaling() throws(FormatError) -> RotaryScaling? {
        guard rope == .null || rope.object != nil else {
            throw error("rope_scaling", "is not an object")
        }
        let type = (rope["rope_type"] ?? rope["type"])?.string ?? "default"
        switch type {
        case "default": return nil
        case "linear": return .linear(factor: try part("factor"))
        case "llama3":
            return .llama3(
                factor: try part("factor"), lowFrequency: try part("low_freq_factor"),
                highFrequency: try part("high_freq_factor"),
                original: try originalPositions())
        default: throw error("rope_scaling", "'\(type)' is not supported; linear and llama3 are")
        }
    }

    private func originalPositions() throws(FormatError) -> Int {
        let key = "original_max_position_embeddings"
        guard let value = rope[key]?.integer, value > 0 else {
            throw error("rope_scaling.\(key)", "is missing or not a positive whole number")
        }
        return value
    }

    private func part(_ key: String) throws(FormatError) -> Double {
        guard let value = rope[key]?.number, value > 0 else {
            throw error("rope_scaling.\(key)", "is missing or not a positive number")
        }
        return value
    }
}
