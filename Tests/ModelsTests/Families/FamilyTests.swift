import Checkpoints
import FileFormats
import Foundation
import Models
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// Decoders of every family against transformers and PEFT.
struct FamilyTests {
    @Test(arguments: FamilyFixture.known) func numbersAreThoseOfTheReference(name: String) throws {
        try FamilyFixture(name).expectReference()
    }

    @Test(arguments: FamilyFixture.known) func piecesFromACacheAreTheWhole(name: String) throws {
        let fixture = try FamilyFixture(name)
        let decoder = try fixture.decoder()
        let row = try fixture.sequences()[0]
        let cache = KeyValueCache(
            decoder.configuration, slots: 1, capacity: row.count, dtype: .float32, device: .cpu)
        let pieces = [0..<4, 4..<5, 5..<row.count].map { range in
            let batch = TokenBatch(
                tokens: Array(row[range]), positions: Array(range), lengths: [range.count])
            return withInference {
                decoder.logits(
                    decoder.hidden(batch, continuing: CachedSequences(cache: cache, slots: [0])))
            }
        }
        #expect(distance(.cat(pieces), decoder.logits(of: [row])) < 1e-5)
    }

    /// bf16 rounds every activation by up to 2^-9.
    @Test(arguments: FamilyFixture.known) func halfPrecisionIsClose(name: String) throws {
        let fixture = try FamilyFixture(name)
        let sequences = try fixture.sequences()
        let logits = try fixture.decoder(.bfloat16).logits(of: sequences)
        let expected = try fixture.decoder().logits(of: sequences)
        #expect(relativeDistance(logits, expected) < 0.06)
    }

    /// The same weights as llama.cpp would have written them are the same model.
    @Test(arguments: FamilyFixture.known) func ggufIsTheSameModel(name: String) throws {
        let fixture = try FamilyFixture(name)
        let url = try TestFiles.scratchFolder().appending(path: "model.gguf")
        try TinyGGUF.write(fixture, to: url)
        let checkpoint = try ModelCheckpoint(url)
        let sequences = try fixture.sequences()
        let logits = try Decoder(checkpoint, dtype: .float32).logits(of: sequences)
        var changed = try fixture.configurationInGGUF()
        // The file has no such key: llama.cpp knows the scale by the size of a model.
        if name == "gemma2" { changed.block.attentionScale = 0.25 }
        let weights = try SafetensorsWeights(url: fixture.modelFolder())
        let path = WeightPath(weights, dtype: .float32, device: .cpu)
        let expected = try Decoder(changed, path).logits(of: sequences)
        #expect(checkpoint.configuration.text == changed)
        // Gemma's norms went through a sum and a difference.
        #expect(distance(logits, expected) <= (name == "gemma2" ? 1e-5 : 0))
    }
}

extension FamilyFixture {
    /// Logits of the adapted model, its loss, and the gradients of its adapters, in f32.
    func expectReference() throws {
        let decoder = try adaptedDecoder()
        let sequences = try sequences()
        let logits = decoder.logits(of: sequences)
        let wanted = try expected.tensor("logits")
        #expect(distance(logits, wanted) <= 1e-4)
        let loss = -nextTokenLogProbabilities(logits, sequences).sum()
        #expect(relativeDistance(loss, try expected.tensor("loss")) <= 1e-5)
        loss.backward()
        let gradients = decoder.parameters().sorted { $0.name < $1.name }.map {
            $0.tensor.grad?.reshape([-1]) ?? Tensor.zeros([0])
        }
        let all = try expected.tensor("gradients").split(gradients.map { $0.size(0) }, dim: 0)
        for (found, wanted) in zip(gradients, all) {
            #expect(relativeDistance(found, wanted) <= 1e-4)
        }
        #expect(all.count == decoder.linears.flatMap(\.parts).count * 2)
    }
}
