import Checkpoints
import FileFormats
import Foundation
import Layers
import Models
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// tiny-llama-untied, with its biases and its Llama 3 angles, as llama.cpp would have converted it.
struct GGUFDecoderTests {
    private let fixture: ModelFixture
    private let url: URL

    init() throws {
        fixture = try ModelFixture("tiny-llama-untied")
        url = try TestFiles.scratchFolder().appending(path: "tiny.gguf")
    }

    private func checkpoint(
        _ changes: [String: GGUFFile.Value?] = [:],
        factors: [Float]?
    ) throws -> ModelCheckpoint {
        try TinyGGUF.write(fixture, changes, factors: factors, to: url)
        return try ModelCheckpoint(url)
    }

    @Test func saysWhatTheOriginalSays() throws {
        // Frequencies 1, 0.1, 0.01, 0.001 against those of RotaryEmbeddingTests.llama3().
        let checkpoint = try checkpoint(factors: [1, 0.1 / 0.04275118, 8, 8])
        let configuration = checkpoint.configuration.text
        #expect(!configuration.tiedEmbeddings)
        #expect(configuration.block.attentionBias && configuration.block.feedForwardBias)
        let decoder = try Decoder(checkpoint, dtype: .float32)
        let logits = decoder.logits(of: try fixture.sequences("tokens"))
        #expect(distance(logits, try fixture.tensor("logits").view(48, 256)) <= 1e-4)
    }

    @Test func defaults() throws {
        let changes: [String: GGUFFile.Value?] = [
            "llama.attention.head_count_kv": nil, "llama.rope.freq_base": nil,
            "llama.vocab_size": nil, "llama.context_length": nil,
            "llama.attention.layer_norm_rms_epsilon": nil,
        ]
        let configuration = try checkpoint(changes, factors: nil).configuration.text
        #expect(configuration.keyValueHeads == 4)
        #expect(configuration.headSize == 8)
        #expect(configuration.ropeTheta == 10_000)
        #expect(configuration.vocabularySize == 256)
        #expect(configuration.normEpsilon == 1e-5)
        #expect(configuration.ropeScaling == nil)
    }

    @Test func linearScaling() throws {
        let changes: [String: GGUFFile.Value?] = [
            "llama.rope.scaling.type": .text("linear"), "llama.rope.scaling.factor": .real(4),
        ]
        let configuration = try checkpoint(changes, factors: nil).configuration.text
        #expect(configuration.ropeScaling == .linear(factor: 4))
    }

    static let refused: [(key: String, value: GGUFFile.Value?, item: String, reason: String)] = [
        ("llama.embedding_length", nil, "llama.embedding_length", "is missing"),
        ("llama.block_count", nil, "llama.block_count", "is missing"),
        ("llama.attention.head_count", nil, "llama.attention.head_count", "is missing"),
        ("llama.attention.head_count", .number(0), "num_attention_heads", "0 is no usable size"),
        (
            "general.architecture", nil, "general.architecture",
            "'none' is not supported; llama, qwen2, qwen3, smollm3, stablelm and gemma2 are"
        ),
        (
            "general.architecture", .text("bert"), "general.architecture",
            "'bert' is not supported; llama, qwen2, qwen3, smollm3, stablelm and gemma2 are"
        ),
        ("llama.feed_forward_length", nil, "llama.feed_forward_length", "is missing"),
        ("llama.block_count", .number(0), "num_hidden_layers", "0 is no usable size"),
        (
            "llama.attention.head_count_kv", .number(3), "num_key_value_heads",
            "4 heads cannot share 3 key-value heads"
        ),
        (
            "llama.rope.scaling.type", .text("yarn"), "llama.rope.scaling.type",
            "'yarn' is not supported; linear is"
        ),
        ("llama.rope.freq_base", .real(0), "rope_theta", "0.0 is not a positive number"),
    ]

    @Test(arguments: refused)
    func refuses(key: String, value: GGUFFile.Value?, item: String, reason: String) throws {
        let error = #expect(throws: FormatError.self) {
            try checkpoint([key: value], factors: nil)
        }
        #expect(error?.item == item)
        #expect(error?.reason == reason)
        #expect(error?.file == url.path)
    }

    @Test(arguments: [
        ([Float]([1, 1, 1]), "3 factors for heads of size 8"),
        ([1, 0, 1, 1], "a factor is not positive"),
    ])
    func refusesFactors(factors: [Float], reason: String) throws {
        let error = #expect(throws: FormatError.self) { try checkpoint(factors: factors) }
        #expect(error?.reason == reason)
    }

    /// A configuration that asks for other tensors than the file has.
    @Test func tensorsThatDoNotFit() throws {
        let checkpoint = try checkpoint(["llama.feed_forward_length": .number(36)], factors: nil)
        let path = WeightPath(checkpoint.weights, dtype: .float32, device: .cpu)
        let configuration = checkpoint.configuration.text
        let wide = #expect(throws: FormatError.self) { try Decoder(configuration, path) }
        #expect(wide?.item == "model.layers.0.mlp.gate_proj.weight")
        #expect(wide?.reason == "has sizes [34, 32], but the configuration wants [36, 32]")
        var deep = configuration
        (deep.layers, deep.intermediateSize) = (3, 34)
        let missing = #expect(throws: FormatError.self) { try Decoder(deep, path) }
        #expect(missing?.item == "model.layers.2.self_attn.q_proj.weight")
        #expect(missing?.reason == "there is no such tensor")
    }
}
