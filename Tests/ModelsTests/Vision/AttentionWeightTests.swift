import Models
import Records
import Testing
import Torch
import TorchTestSupport

/// The weights of attention, for looking at them.
struct AttentionWeightTests {
    @Test(arguments: VisionFixture.all) func towersShareOutOne(name: String) throws {
        let fixture = try VisionFixture(name)
        let vision = try #require(try fixture.decoder().vision)
        let image = try fixture.images()[0]
        let layers = vision.tower.attentions(image, meansHeads: false)
        let means = vision.tower.attentions(image, meansHeads: true)
        for (weights, mean) in zip(layers, means) {
            #expect(distance(mean, weights.mean(0, keepDim: true)) <= 1e-6)
            #expect(weights.dim == 3 && weights.size(0) == 2 && weights.size(1) == weights.size(2))
            #expect(distance(weights.sum(2), .ones([2, weights.size(1)])) <= 1e-5)
        }
    }

    /// Rows of CLIP's tower, and of the decoder, are those of transformers.
    @Test func areThoseOfTransformers() throws {
        let fixture = try VisionFixture("llava-clip")
        let decoder = try fixture.decoder()
        let vision = try #require(decoder.vision)
        let image = try fixture.images()[0]
        // The layer behind the features is not looked at.
        let tower = vision.tower.attentions(image, meansHeads: false)
        #expect(tower.count == 1)
        #expect(distance(tower[0], try fixture.tensor("attention.tower")) <= 1e-5)
        let (batch, placed) = try fixture.batch(decoder)
        let row = TokenBatch([Array(batch.tokens[..<batch.lengths[0]])])
        let rows = [placed[0]].imageRows(vision.features([image]))
        let text = decoder.attentions(row, images: rows)
        #expect(text.count == 2)
        for (layer, weights) in text.enumerated() {
            let expected = try fixture.tensor("attention.text.\(layer)")
            #expect(distance(weights, expected) <= 1e-5, "layer \(layer)")
        }
    }

    /// Qwen2.5's first layer looks within windows of 2 x 2 tokens, 4 x 4 patches; its second
    /// everywhere. Patches come token by token, four each: of 3 x 2 tokens the first four are one
    /// window, the last two another.
    @Test func windowsSeeThemselvesOnly() throws {
        let fixture = try VisionFixture("qwen2.5-vl")
        let vision = try #require(try fixture.decoder().vision)
        let layers = vision.tower.attentions(try fixture.images()[0], meansHeads: false)
        #expect(layers.map(\.shape) == [[2, 24, 24], [2, 24, 24]])
        let across = layers.map { $0.slice(1, 0..<16).slice(2, 16..<24).sum().item(Double.self) }
        #expect(across[0] == 0)
        #expect(across[1] > 0.1)
        #expect(
            layers[0].slice(1, 0..<16).slice(2, 0..<16).less(than: 1e-9).sum().item(Int64.self) == 0
        )
    }
}
