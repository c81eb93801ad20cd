import FileFormats
import Foundation
import Layers
import TestSupport
import Testing

@testable import Models

struct ConfigurationTests {
    private let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private static let smallest: [String: String?] = [
        "model_type": "\"llama\"", "vocab_size": "256", "hidden_size": "32",
        "num_hidden_layers": "2", "num_attention_heads": "4", "intermediate_size": "34",
    ]

    /// Reads the smallest configuration with some keys replaced; nil removes one.
    private func read(_ changes: [String: String?] = [:]) throws -> DecoderConfiguration {
        let members = Self.smallest.merging(changes) { $1 }
        let lines = members.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }
        let url = folder.appending(path: "config.json")
        try Data("{\(lines.joined(separator: ", "))}".utf8).write(to: url)
        return try DecoderConfiguration(huggingFace: url)
    }

    @Test func defaultsAreThoseOfTransformers() throws {
        let plain = try read()
        let expected = DecoderConfiguration(
            vocabularySize: 256, hiddenSize: 32, layers: 2, heads: 4, keyValueHeads: 4,
            headSize: 8, intermediateSize: 34, normEpsilon: 1e-6, ropeTheta: 10_000,
            ropeScaling: nil, maximumPositions: 2048, tiedEmbeddings: false)
        #expect(plain == expected)
        #expect(!plain.scalesEmbeddings && plain.layersWithoutRotary.isEmpty)
        #expect(plain.block.activation == .silu && plain.block.isGated)
        #expect(!plain.block.attentionBias && plain.attentionScale == 1 / 8.0.squareRoot())
        let nothing: [String: String?] = [
            "head_dim": "null", "num_key_value_heads": "null", "rope_scaling": "null",
        ]
        #expect(try read(nothing) == plain)
    }

    @Test func bothSpellings() throws {
        var expected = try read()
        expected.keyValueHeads = 2
        expected.normEpsilon = 1e-5
        expected.maximumPositions = 1024
        let models = TestFiles.fixtures.appending(path: "models")
        expected.tiedEmbeddings = true
        let new = models.appending(path: "tiny-llama/config.json")
        #expect(try DecoderConfiguration(huggingFace: new) == expected)
        expected.tiedEmbeddings = false
        expected.block.attentionBias = true
        expected.block.attentionOutputBias = true
        expected.block.feedForwardBias = true
        expected.ropeScaling = .llama3(factor: 8, lowFrequency: 1, highFrequency: 4, original: 128)
        let old = models.appending(path: "tiny-llama-untied/config.json")
        #expect(try DecoderConfiguration(huggingFace: old) == expected)
    }

    /// Qwen2 has biases on q, k and v and on nothing else, whatever its file says.
    @Test func qwen2() throws {
        var expected = try read()
        expected.block.attentionBias = true
        expected.maximumPositions = 32_768
        let changes = ["model_type": "\"qwen2\"", "num_key_value_heads": "4"]
        #expect(try read(changes) == expected)
        #expect(try read(changes.merging(["use_sliding_window": "false"]) { $1 }) == expected)
    }

    @Test func ropeInBothSpellings() throws {
        let old = try read([
            "rope_theta": "5e5", "rope_scaling": "{\"type\": \"linear\", \"factor\": 2.0}",
        ])
        #expect(old.ropeTheta == 500_000)
        #expect(old.ropeScaling == .linear(factor: 2))
        let new = try read([
            "rope_parameters": "{\"rope_type\": \"linear\", \"factor\": 2, \"rope_theta\": 500000}"
        ])
        #expect(new == old)
        // A key that is there but empty does not hide the other.
        let both = try read([
            "rope_parameters": "null", "rope_theta": "500000",
            "rope_scaling": "{\"type\": \"linear\", \"factor\": 2}",
        ])
        #expect(both == old)
    }

    private static let llama3 =
        "\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4"

    static let refused: [(key: String, value: String?, item: String, reason: String)] = [
        (
            "model_type", "\"gemma\"", "model_type",
            "'gemma' is not supported; llama, qwen2, qwen3, smollm3, stablelm and gemma2 are"
        ),
        (
            "model_type", nil, "model_type",
            "'none' is not supported; llama, qwen2, qwen3, smollm3, stablelm and gemma2 are"
        ),
        ("use_sliding_window", "true", "use_sliding_window", "is not supported"),
        (
            "hidden_act", "\"tanh\"", "hidden_act",
            "'tanh' is not supported; gelu, gelu_pytorch_tanh, quick_gelu, silu, relu are"
        ),
        (
            "layer_types", "[\"full_attention\", \"chunked_attention\"]", "layer_types",
            "'chunked_attention' is not supported; full_attention is"
        ),
        ("vocab_size", nil, "vocab_size", "is missing"),
        ("vocab_size", "null", "vocab_size", "is missing"),
        ("hidden_size", "\"32\"", "hidden_size", "is not a whole number"),
        ("hidden_size", "32.5", "hidden_size", "is not a whole number"),
        ("hidden_size", "0", "hidden_size", "0 is no usable size"),
        ("vocab_size", "-1", "vocab_size", "-1 is no usable size"),
        ("num_hidden_layers", "99999999999", "num_hidden_layers", "99999999999 is no usable size"),
        ("num_attention_heads", "0", "num_attention_heads", "0 is no usable size"),
        ("num_key_value_heads", "0", "num_key_value_heads", "0 is no usable size"),
        (
            "num_key_value_heads", "3", "num_key_value_heads",
            "4 heads cannot share 3 key-value heads"
        ),
        ("head_dim", "7", "head_dim", "7 is odd"),
        ("num_attention_heads", "64", "head_dim", "0 is no usable size"),
        ("rms_norm_eps", "\"small\"", "rms_norm_eps", "is not a number"),
        ("rms_norm_eps", "0", "rms_norm_eps", "0.0 is not a positive number"),
        ("rope_theta", "-1", "rope_theta", "-1.0 is not a positive number"),
        ("rope_scaling", "\"linear\"", "rope_scaling", "is not an object"),
        (
            "rope_scaling", "{\"type\": \"yarn\"}", "rope_scaling",
            "'yarn' is not supported; linear and llama3 are"
        ),
        (
            "rope_scaling", "{\"type\": \"linear\"}", "rope_scaling.factor",
            "is missing or not a positive number"
        ),
        (
            "rope_scaling", "{\"type\": \"linear\", \"factor\": 0}", "rope_scaling.factor",
            "is missing or not a positive number"
        ),
        (
            "rope_scaling", "{\(llama3)}", "rope_scaling.original_max_position_embeddings",
            "is missing or not a positive whole number"
        ),
        (
            "rope_scaling", "{\(llama3), \"original_max_position_embeddings\": 1e300}",
            "rope_scaling.original_max_position_embeddings",
            "is missing or not a positive whole number"
        ),
        (
            "rope_parameters",
            "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, "
                + "\"high_freq_factor\": 4, \"original_max_position_embeddings\": 128}",
            "rope", "the low frequency factor 4.0 is not below the high one, 4.0"
        ),
    ]

    @Test(arguments: refused)
    func refuses(key: String, value: String?, item: String, reason: String) {
        let error = #expect(throws: FormatError.self) { try read([key: value]) }
        #expect(error?.item == item)
        #expect(error?.reason == reason)
        #expect(error?.file == folder.appending(path: "config.json").path)
    }

    @Test func noFileAndNoJSON() throws {
        let url = folder.appending(path: "config.json")
        #expect(throws: FormatError.self) { try DecoderConfiguration(huggingFace: url) }
        for text in ["", "{", "[]", "{\"model_type\": \"llama\""] {
            try Data(text.utf8).write(to: url)
            #expect(throws: FormatError.self) { try DecoderConfiguration(huggingFace: url) }
        }
    }
}
