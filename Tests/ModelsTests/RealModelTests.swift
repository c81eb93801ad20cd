import Checkpoints
import FileFormats
import TestSupport
import Testing
import Torch
import TorchTestSupport

@testable import Models

/// SmolLM2-135M-Instruct in f32 against transformers on the same file.
@Suite(.enabled(if: TestFiles.defaultModel != nil, "needs .models, see Scripts/bootstrap"))
struct RealModelTests {
    private let fixture: ModelFixture
    private let decoder: Decoder

    init() throws {
        fixture = try ModelFixture("smollm2-135m")
        let checkpoint = try ModelCheckpoint(try #require(TestFiles.defaultModel))
        decoder = try Decoder(checkpoint, dtype: .float32)
    }

    @Test func configuration() {
        let expected = DecoderConfiguration(
            vocabularySize: 49_152, hiddenSize: 576, layers: 30, heads: 9, keyValueHeads: 3,
            headSize: 64, intermediateSize: 1536, normEpsilon: Double(Float(1e-5)),
            ropeTheta: 100_000, ropeScaling: nil, maximumPositions: 8192, tiedEmbeddings: true)
        #expect(decoder.configuration == expected)
    }

    /// All three texts in one packed batch; the reference took them one by one.
    @Test func logProbabilitiesAndLogits() throws {
        let names = ["chat", "prose", "unicode"]
        let sequences = try names.map { try fixture.tokens("\($0).tokens") }
        let logits = withInference { decoder.logits(of: sequences) }
        let rows = logits.split(sequences.map(\.count), dim: 0)
        for (index, name) in names.enumerated() {
            let found = nextTokenLogProbabilities(rows[index], [sequences[index]])
            #expect(distance(found, try fixture.tensor("\(name).logprobs")) <= 1e-3)
        }
        let vocabulary = try fixture.tensor("vocabulary")
        for (index, name) in names.enumerated() {
            let places = try fixture.tensor("\(name).positions")
            let some = rows[index].indexSelect(0, places).indexSelect(1, vocabulary)
            #expect(distance(some, try fixture.tensor("\(name).logits")) <= 1e-3)
        }
    }

    @Test func greedyTokens() throws {
        let tokens = decoder.greedy(try fixture.tokens("chat.tokens"), 64)
        #expect(tokens == (try fixture.tokens("chat.greedy_tokens")))
    }
}
