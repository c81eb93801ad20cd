import Checkpoints
import FileFormats
import TestSupport
import Testing

@testable import Models

/// The example of Documentation/AddingAModel.md: a family that the program does not know. Layer
/// norms, biases everywhere, a network without a gate and with names of its own.
extension ModelFamily {
    static let parrot = ModelFamily(
        type: "parrot",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 49_152, hidden: 3072, intermediate: 12_288, layers: 30, heads: 24,
                keyValueHeads: 2),
            normEpsilonKey: "norm_epsilon", normEpsilon: 1e-5, maximumPositions: 4096,
            tiedEmbeddings: true),
        block: BlockDescription(
            norm: .meanAndVariance, activation: .geluTanh, isGated: false, attentionBias: true,
            attentionOutputBias: true, feedForwardBias: true),
        keys: [
            .activation(),
            .flag(
                "use_bias", \.block.attentionBias, \.block.attentionOutputBias,
                \.block.feedForwardBias),
        ],
        names: .llama.replacing([
            .up: ("mlp.c_fc", "ffn_up"), .down: ("mlp.c_proj", "ffn_down"),
        ]),
        gguf: GGUFDescription(
            architecture: "parrot", normEpsilonKey: "attention.layer_norm_epsilon"))
}

struct AddedFamilyTests {
    private let fixture: FamilyFixture

    init() throws { fixture = try FamilyFixture("parrot", ModelFamilies.known.adding(.parrot)) }

    @Test func numbersAreThoseOfTheReference() throws { try fixture.expectReference() }

    @Test func ggufIsTheSameModel() throws {
        let url = try TestFiles.scratchFolder().appending(path: "model.gguf")
        try TinyGGUF.write(fixture, to: url)
        let checkpoint = try ModelCheckpoint(url, families: fixture.families)
        #expect(try checkpoint.configuration.text == fixture.configurationInGGUF())
        let sequences = try fixture.sequences()
        let logits = try Decoder(checkpoint, dtype: .float32).logits(of: sequences)
        #expect(logits.isIdentical(to: try fixture.decoder().logits(of: sequences)))
    }

    @Test func unknownUntilAdded() throws {
        let error = #expect(throws: FormatError.self) { try ModelCheckpoint(fixture.modelFolder()) }
        #expect(error?.item == "model_type")
    }
}
