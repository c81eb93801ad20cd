import Checkpoints
import FileFormats
import Foundation
import Records
import TestSupport
import Testing

@testable import Models

/// What files say of a family: its names, its keys, and what is refused.
struct FamilyDescriptionTests {
    /// llama.cpp's names are those of its own table (gguf 0.19).
    @Test(arguments: FamilyFixture.known) func namesGoBothWays(name: String) throws {
        let fixture = try FamilyFixture(name)
        let configuration = try fixture.configuration()
        let weights = try fixture.weights()
        for weight in weights {
            #expect(configuration.names.gguf(of: weight.name) == weight.gguf)
            #expect(configuration.names.huggingFace(of: weight.gguf) == weight.name)
        }
        #expect(configuration.tensorNames.sorted() == weights.map(\.name).sorted())
    }

    @Test(arguments: FamilyFixture.known) func writtenAgainItIsTheSame(name: String) throws {
        let fixture = try FamilyFixture(name)
        let model = try ModelConfiguration(huggingFace: fixture.config)
        let values = try model.family.huggingFace(model.text, in: "config.json")
        let url = try TestFiles.scratchFolder().appending(path: "config.json")
        try AtomicFile.write(JSONText.pretty(.object(values)), to: url)
        #expect(try DecoderConfiguration(huggingFace: url) == model.text)
    }

    @Test func whatAFileHasNoWordsFor() throws {
        var text = try FamilyFixture("qwen2").configuration()
        text.block.attentionOutputBias = true
        let error = #expect(throws: FormatError.self) {
            try ModelFamily.qwen2.huggingFace(text, in: "a.gguf")
        }
        #expect(error?.reason == "has no words for everything that this qwen2 model is")
    }

    @Test func whatTheFamiliesAre() throws {
        let qwen3 = try FamilyFixture("qwen3").configuration()
        #expect(qwen3.block.normalisesHeads && qwen3.headSize == 16 && !qwen3.block.attentionBias)
        let smol = try FamilyFixture("smollm3").configuration()
        #expect(smol.layersWithoutRotary == [3])
        let stable = try FamilyFixture("stablelm").configuration()
        #expect(stable.rotatedSize == 8 && stable.block.arrangement == .parallel)
        let gemma = try FamilyFixture("gemma2").configuration()
        #expect(gemma.scalesEmbeddings && gemma.attentionScale == 1 / 24.0.squareRoot())
    }

    static let refused: [(family: String, key: String, value: JSONValue?, reason: String)] = [
        ("gemma2", "attn_logit_softcapping", .number(50), "is not supported; null is"),
        ("gemma2", "final_logit_softcapping", nil, "is not supported; null is"),
        ("gemma2", "query_pre_attn_scalar", .integer(0), "0.0 is not positive"),
        (
            "gemma2", "layer_types", .array([.string("sliding_attention")]),
            "'sliding_attention' is not supported; full_attention is"
        ),
        ("stablelm", "qk_layernorm", .bool(true), "is not supported"),
        ("stablelm", "layer_norm_eps", .number(0), "0.0 is not a positive number"),
        ("smollm3", "no_rope_layers", .array([.integer(1)]), "has 1 entries for 4 layers"),
        ("smollm3", "use_sliding_window", .bool(true), "is not supported"),
    ]

    @Test(arguments: refused)
    func refuses(family: String, key: String, value: JSONValue?, reason: String) throws {
        let error = try refusal(family) { $0[key] = value }
        #expect(error?.item == key)
        #expect(error?.reason == reason)
    }

    /// A window that a sequence can outgrow; one as long as the longest sequence is none.
    @Test func windows() throws {
        let error = try refusal("gemma2") { values in
            values["layer_types"] = nil
            values["sliding_window"] = .integer(511)
        }
        #expect(error?.item == "sliding_window")
        var values = try JSONDocument.read(FamilyFixture("gemma2").config).object ?? [:]
        (values["layer_types"], values["sliding_window"]) = (nil, .integer(512))
        #expect(try read(values).maximumPositions == 512)
    }

    @Test func noEvenPartOfAHead() throws {
        let error = try refusal("stablelm") { values in
            values["rope_parameters"] = nil
            values["partial_rotary_factor"] = .number(0.2)
        }
        #expect(error?.reason == "0.2 of 16 is no even part of a head")
    }

    private func read(_ values: [String: JSONValue]) throws -> DecoderConfiguration {
        let url = try TestFiles.scratchFolder().appending(path: "config.json")
        try AtomicFile.write(JSONText.pretty(.object(values)), to: url)
        return try DecoderConfiguration(huggingFace: url)
    }

    private func refusal(
        _ family: String, _ change: (inout [String: JSONValue]) -> Void
    ) throws -> FormatError? {
        var values = try JSONDocument.read(FamilyFixture(family).config).object ?? [:]
        change(&values)
        return #expect(throws: FormatError.self) { try read(values) }
    }
}
