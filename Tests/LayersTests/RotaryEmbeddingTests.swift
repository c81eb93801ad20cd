import Foundation
import Layers
import Testing
import Torch
import TorchTestSupport

struct RotaryEmbeddingTests {
    init() { startEngine() }

    /// Frequencies, read off as the angles at position 1: all are below pi.
    private func frequencies(_ embedding: RotaryEmbedding) -> [Double] {
        let angles = embedding.angles(at: [1])
        return zip(angles.cosine.values(Double.self), angles.sine.values(Double.self)).map {
            atan2($1, $0)
        }
    }

    private func expect(_ scaling: RotaryScaling?, _ expected: [Double]) {
        let embedding = RotaryEmbedding(size: 8, theta: 10_000, scaling: scaling, device: .cpu)
        for (found, wanted) in zip(frequencies(embedding), expected) {
            #expect(abs(found - wanted) < 1e-8 + 1e-6 * wanted)
        }
    }

    @Test func plain() {
        // 10000^(-2 i / 8) for i = 0 to 3
        expect(nil, [1, 0.1, 0.01, 0.001])
    }

    @Test func linear() { expect(.linear(factor: 4), [0.25, 0.025, 0.0025, 0.00025]) }

    @Test func factors() { expect(.factors([1, 2, 4, 8]), [1, 0.05, 0.0025, 0.000125]) }

    @Test func llama3() {
        // Wavelengths 2 pi / f: 6.28, 62.8, 628, 6283. Below 128 / 4 = 32 a frequency is kept,
        // above 128 / 1 it is divided by 8. Between: smooth = (128 / 62.83185 - 1) / (4 - 1)
        // = 0.3457278, and (1 - smooth) * 0.1 / 8 + smooth * 0.1 = 0.0427512.
        expect(
            .llama3(factor: 8, lowFrequency: 1, highFrequency: 4, original: 128),
            [1, 0.04275118, 0.00125, 0.000125]
        )
    }

    @Test func anglesArePositionTimesFrequency() {
        let embedding = RotaryEmbedding(size: 4, theta: 100, scaling: nil, device: .cpu)
        // Frequencies 1 and 0.1; the table grows beyond its first 512 rows when asked.
        for positions in [[0, 3, 3, 1], [511, 512], [2000, 0]] {
            let angles = embedding.angles(at: positions)
            #expect(angles.cosine.shape == [positions.count, 2])
            let expected = positions.flatMap { [Double($0), Double($0) * Double(Float(0.1))] }
            // f32 angles of up to 2000 are off by 2000 * 2^-24 = 1.2e-4.
            #expect(distance(angles.cosine, expected.map(cos)) < 3e-4)
            #expect(distance(angles.sine, expected.map(sin)) < 3e-4)
        }
    }

    /// Frequencies 1, 0.1, 0.01, 0.001: the first turns with the first axis, two with the second,
    /// the last with the third.
    @Test func anglesOfSeveralAxes() {
        let embedding = RotaryEmbedding(size: 8, theta: 10_000, scaling: nil, device: .cpu)
        let axes = [[1, 4], [2, 5], [3, 6]]
        let angles = embedding.angles(at: axes, sections: [0..<1, 1..<3, 3..<4])
        let expected = [1, 0.2, 0.02, 0.003, 4, 0.5, 0.05, 0.006]
        #expect(distance(angles.cosine, expected.map(cos)) < 1e-6)
        #expect(distance(angles.sine, expected.map(sin)) < 1e-6)
        let same = embedding.angles(at: [[7, 9], [7, 9]], sections: [0..<2, 2..<4])
        #expect(same.cosine.isIdentical(to: embedding.angles(at: [7, 9]).cosine))
    }

    @Test func tablesMadeInInferenceServeTraining() throws {
        let embedding = RotaryEmbedding(size: 4, theta: 100, scaling: nil, device: .cpu)
        _ = withInference { embedding.angles(at: [0, 1]) }
        let angles = embedding.angles(at: [1])
        let x = Tensor.ones([1, 4])
        x.requiresGrad = true
        x.rotary(cosine: angles.cosine, sine: angles.sine, heads: 1, size: 4).sum().backward()
        #expect(try #require(x.grad).shape == [1, 4])
    }
}
