import Layers
import Models
import Objectives
import Testing
import Torch
import TorchTestSupport

/// Towers, projectors and decoders together, against transformers and PEFT.
struct VisionAgreementTests {
    @Test(arguments: VisionFixture.all) func featuresAreThoseOfTransformers(name: String) throws {
        let fixture = try VisionFixture(name)
        let vision = try #require(try fixture.decoder().vision)
        let features = vision.features(try fixture.images())
        #expect(features.count == 3)
        for (index, feature) in features.enumerated() {
            let expected = try fixture.tensor("features.\(index)")
            #expect(distance(feature, expected) <= 1e-4, "image \(index)")
        }
    }

    @Test(arguments: VisionFixture.all) func logitsAreThoseOfTransformers(name: String) throws {
        let fixture = try VisionFixture(name)
        let logits = try fixture.logits(try fixture.decoder())
        #expect(distance(logits, try fixture.tensor("logits")) <= 1e-4)
    }

    @Test(arguments: VisionFixture.all) func oldNamesAreTheSameModel(name: String) throws {
        let fixture = try VisionFixture(name)
        let (old, today) = (try fixture.decoder(.old), try fixture.decoder(.today))
        #expect(try fixture.logits(old).isIdentical(to: try fixture.logits(today)))
        #expect(
            old.linears.flatMap(\.parts).map(\.path) == today.linears.flatMap(\.parts).map(\.path))
    }

    /// bf16 rounds every activation by up to 2^-9.
    @Test(arguments: VisionFixture.all) func halfPrecisionIsClose(name: String) throws {
        let fixture = try VisionFixture(name)
        let decoder = try fixture.decoder(dtype: .bfloat16)
        let logits = try fixture.logits(decoder)
        #expect(relativeDistance(logits, try fixture.tensor("logits")) < 0.06)
    }

    /// The loss of every token from the third of each row on that is no image, and its gradients.
    @Test(arguments: VisionFixture.all, [false, true])
    func gradientsAreThoseOfPEFT(name: String, recomputing: Bool) throws {
        let fixture = try VisionFixture(name)
        let decoder = try fixture.adaptedDecoder()
        decoder.recomputesActivations = recomputing
        #expect(decoder.vision?.tower.recomputesActivations == recomputing)
        let inputs = try fixture.images()
        for input in inputs { input.pixels.requiresGrad = true }
        let logits = try fixture.logits(decoder, inputs)
        #expect(distance(logits, try fixture.tensor("adapted_logits")) <= 1e-4)
        let loss = try fixture.loss(logits)
        #expect(
            abs(loss.item(Double.self) - (try fixture.tensor("loss")).item(Double.self)) <= 1e-3)
        loss.backward()
        try compare(fixture, decoder, inputs)
    }

    private func compare(
        _ fixture: VisionFixture, _ decoder: Decoder, _ inputs: [VisionInput]
    ) throws {
        let pixels = try inputs.map { try #require($0.pixels.grad) }
        let wanted = try fixture.tensor("gradient.pixels")
        let found = wanted.dim == 4 ? Tensor.stack(pixels) : .cat(pixels)
        #expect(relativeDistance(found, wanted) <= 1e-4, "pixels")
        let prefix = "gradient."
        var names = Set(fixture.expected.names.filter { $0.hasPrefix(prefix) })
        names.remove("gradient.pixels")
        for (name, tensor) in decoder.parameters() {
            guard let gradient = tensor.grad else { continue }
            #expect(names.remove(prefix + name) != nil, "\(name)")
            let wanted = try fixture.tensor(prefix + name)
            #expect(relativeDistance(gradient, wanted) <= 1e-4, "\(name)")
        }
        #expect(names.isEmpty)
    }
}

extension VisionFixture {
    /// Summed negative log-likelihood of every token from the third of a row on that is no image.
    func loss(_ logits: Tensor) throws -> Tensor {
        let tokens = try tensor("tokens").values(Int64.self)
        let lengths = try tensor("lengths").values(Int64.self).map(Int.init)
        let all = logits.logSoftmax(-1)
        var (rows, targets, start) = ([Int64](), [Int64](), 0)
        for length in lengths {
            for place in 2..<length where (1..<60).contains(tokens[start + place]) {
                rows.append(Int64(start + place - 1))
                targets.append(tokens[start + place])
            }
            start += length
        }
        let chosen = all.indexSelect(0, Tensor(rows)).gather(1, Tensor(targets).unsqueeze(1))
        return -chosen.sum()
    }
}
