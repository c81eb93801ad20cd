import Checkpoints
import Foundation
import Models
import Objectives
import Testing
import Torch
import TorchTestSupport

struct AdapterTests {
    static let adapters = ["tiny-lora", "tiny-rslora"]

    /// Logits of all positions, or of the last of each row where the fixture has no more.
    private func compare(_ logits: Tensor, _ fixture: ModelFixture, _ tolerance: Double = 1e-4)
        throws
    {
        let sequences = try fixture.sequences("tokens")
        let logProbabilities = nextTokenLogProbabilities(logits, sequences)
        #expect(distance(logProbabilities, try fixture.tensor("logprobs").view(46)) <= tolerance)
        if fixture.expected.shape(of: "logits") != nil {
            #expect(distance(logits, try fixture.tensor("logits").view(48, 256)) <= tolerance)
        } else {
            let last = logits.view(2, 24, 256).select(1, 23)
            #expect(distance(last, try fixture.tensor("last_logits")) <= tolerance)
        }
    }

    @Test(arguments: adapters) func logitsAreThoseOfPEFT(name: String) throws {
        let fixture = try ModelFixture(name)
        let decoder = try fixture.adaptedDecoder()
        let sequences = try fixture.sequences("tokens")
        try compare(decoder.logits(of: sequences), fixture)
        try compare(withInference { decoder.logits(of: sequences) }, fixture)
    }

    /// Rounding of the reference's gradients: 2e-5.
    @Test(arguments: adapters, [false, true])
    func gradientsAreThoseOfPEFT(name: String, recomputing: Bool) throws {
        let fixture = try ModelFixture(name)
        let decoder = try fixture.adaptedDecoder()
        decoder.recomputesActivations = recomputing
        let sequences = try fixture.sequences("tokens")
        let hidden = decoder.hidden(TokenBatch(sequences)).split([23, 1, 23, 1], dim: 0)
        let targets = sequences.flatMap { $0.dropFirst().map(Int64.init) }
        let scores = TokenScores(
            hidden: .cat([hidden[0], hidden[2]]),
            targets: Tensor(targets),
            weight: decoder.outputWeight,
            chunk: 10
        )
        let loss = SupervisedLoss.nll(scores.logProbabilities, normaliser: 1)
        #expect(relativeDistance(loss, try fixture.tensor("loss")) < 1e-5)
        loss.backward()
        #expect(decoder.adapterModules().count == (name == "tiny-lora" ? 14 : 4))
        for module in decoder.adapterModules() {
            for (half, weight) in [("A", module.a), ("B", module.b)] {
                let expected = try fixture.tensor(
                    "gradient.base_model.model.\(module.path).lora_\(half).weight"
                )
                let found = try #require(weight.grad)
                #expect(relativeDistance(found, expected) <= 1e-4, "\(module.path) \(half)")
            }
        }
    }

    @Test(arguments: adapters) func mergedIsMerged(name: String) throws {
        let fixture = try ModelFixture(name)
        let decoder = try fixture.adaptedDecoder()
        let sequences = try fixture.sequences("tokens")
        let before = decoder.logits(of: sequences)
        decoder.mergeAdapters()
        let logits = decoder.logits(of: sequences)
        #expect(!logits.requiresGrad)
        let expected = try fixture.tensor("merged_logprobs").view(46)
        #expect(distance(nextTokenLogProbabilities(logits, sequences), expected) <= 1e-4)
        let last = logits.view(2, 24, 256).select(1, 23)
        #expect(distance(last, try fixture.tensor("merged_last_logits")) <= 1e-4)
        decoder.unmergeAdapters()
        #expect(decoder.logits(of: sequences).isIdentical(to: before))
    }

    @Test(arguments: adapters) func disabledIsTheBaseModel(name: String) throws {
        let fixture = try ModelFixture(name)
        let decoder = try fixture.adaptedDecoder()
        let base = try ModelFixture("tiny-llama")
        let sequences = try base.sequences("tokens")
        let expected = try base.tensor("logits").view(48, 256)
        decoder.adapters.disabled {
            #expect(distance(decoder.logits(of: sequences), expected) <= 1e-4)
        }
        #expect(distance(decoder.logits(of: sequences), expected) > 0.1)
        decoder.mergeAdapters()
        decoder.adapters.disabled {
            #expect(distance(decoder.logits(of: sequences), expected) <= 1e-4)
        }
    }

    @Test func writtenAgainTheyAreTheSame() throws {
        let decoder = try ModelFixture("tiny-lora").adaptedDecoder()
        let names = ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
        #expect(decoder.adaptedNames() == names)
        #expect(
            decoder.adapterModules().prefix(5).map(\.path)
                == ["q", "k", "v", "o"].map { "model.layers.0.self_attn.\($0)_proj" }
                + ["model.layers.0.mlp.gate_proj"]
        )
    }
}
