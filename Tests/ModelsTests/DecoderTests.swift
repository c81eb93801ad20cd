import Models
import Testing
import Torch
import TorchTestSupport

struct DecoderTests {
    static let models = ["tiny-llama", "tiny-llama-untied"]

    /// Rounding of the reference itself: 4e-6.
    @Test(arguments: models) func logitsAreThoseOfTransformers(name: String) throws {
        let fixture = try ModelFixture(name)
        let sequences = try fixture.sequences("tokens")
        let logits = try fixture.decoder().logits(of: sequences)
        #expect(logits.dtype == .float32)
        #expect(distance(logits, try fixture.tensor("logits").view(48, 256)) <= 1e-4)
        let logProbabilities = nextTokenLogProbabilities(logits, sequences)
        #expect(distance(logProbabilities, try fixture.tensor("logprobs").view(46)) <= 1e-4)
    }

    @Test(arguments: models) func greedyTokensAreThoseOfTransformers(name: String) throws {
        let fixture = try ModelFixture(name)
        let tokens = try fixture.decoder().greedy(try fixture.tokens("greedy_prompt"), 32)
        #expect(try fixture.tokens("greedy_tokens") == tokens)
    }

    /// bf16 rounds every activation by up to 2^-9; logits reach 10 here.
    @Test(arguments: models) func halfPrecisionIsClose(name: String) throws {
        let fixture = try ModelFixture(name)
        let decoder = try fixture.decoder(.bfloat16)
        #expect(decoder.dtype == .bfloat16)
        let logits = decoder.logits(of: try fixture.sequences("tokens"))
        let expected = try fixture.tensor("logits").view(48, 256)
        #expect(relativeDistance(logits, expected) < 0.05)
    }

    @Test(arguments: models) func packedSequencesDoNotSeeEachOther(name: String) throws {
        let fixture = try ModelFixture(name)
        let decoder = try fixture.decoder()
        let row = try fixture.sequences("tokens")[0]
        let sequences = [
            Array(row[..<7]), Array(row[7..<8]), Array(row[8...]), row + row + row + row,
        ]
        let packed = decoder.logits(of: sequences).split(sequences.map(\.count), dim: 0)
        for (logits, sequence) in zip(packed, sequences) {
            #expect(distance(logits, decoder.logits(of: [sequence])) < 1e-5)
        }
    }

    @Test func lastRowsOfABatch() {
        let batch = TokenBatch([[1, 2, 3], [4], [5, 6]])
        #expect(batch.tokens == [1, 2, 3, 4, 5, 6])
        #expect(batch.positions == [0, 1, 2, 0, 0, 1])
        #expect(batch.lengths == [3, 1, 2])
        #expect(batch.lastRows == [2, 3, 5])
    }

    @Test func headIsTheEmbeddingWhereTheyAreTied() throws {
        let tied = try ModelFixture("tiny-llama")
        #expect(tied.expected.shape(of: "lm_head.weight") == nil)
        #expect(try tied.decoder().outputWeight.shape == [256, 32])
        let decoder = try ModelFixture("tiny-llama-untied").decoder()
        #expect(decoder.linears.count == 8)
        #expect(
            decoder.linears[4].parts.map(\.path)
                == ["q", "k", "v"].map { "model.layers.1.self_attn.\($0)_proj" }
        )
    }
}
