import Layers
import Testing
import Torch
import TorchTestSupport

struct DropoutTests {
    init() { startEngine() }

    /// A layer whose output is its dropout mask: weight 0, A and B the identity, input ones.
    private func maskLayer(_ dropout: Double, _ state: AdapterState) -> Linear {
        let identity = Tensor(rows: [[1, 0], [0, 1]])
        let layer = Linear(weight: .zeros([2, 2]), parts: [("q_proj", 2)], state: state)
        layer.attach(
            LowRankAdapter(
                a: identity,
                b: identity,
                settings: LowRankSettings(rank: 2, alpha: 2, dropout: dropout)
            ),
            to: 0
        )
        return layer
    }

    @Test func keepsTheExpectation() {
        let state = AdapterState()
        state.dropoutGenerator = Generator(seed: 2)
        let y = maskLayer(0.25, state)(.ones([10_000, 2]))
        let values = y.values(Float.self)
        // Kept with probability 3/4 and then divided by it; 20,000 draws have a standard error of
        // 0.003 in the share, of 0.004 in the mean.
        #expect(Set(values).count == 2)
        #expect(Set(values.map { ($0 * 3).rounded() }) == [0, 4])
        let kept = Double(values.count { $0 > 0 }) / Double(values.count)
        #expect(abs(kept - 0.75) < 0.012)
        #expect(abs(y.mean().item(Double.self) - 1) < 0.016)
    }

    @Test func neverTheSameMaskTwiceButTheSameStream() {
        let state = AdapterState()
        let layer = maskLayer(0.5, state)
        let x = Tensor.ones([50, 2])
        let draw = { (seed: UInt64) in
            state.dropoutGenerator = Generator(seed: seed)
            return [layer(x), layer(x)]
        }
        let (first, again) = (draw(3), draw(3))
        #expect(!first[0].isIdentical(to: first[1]))
        #expect(first[0].isIdentical(to: again[0]))
        #expect(first[1].isIdentical(to: again[1]))
    }

    @Test func onlyTheAdaptersInputIsDropped() {
        let fixture = LinearFixture()
        fixture.attach(to: 0, dropout: 0.5)
        fixture.state.dropoutGenerator = Generator(seed: 4)
        let plain = fixture.x.linear(fixture.layer.weight.matrix)
        let y = fixture.layer(fixture.x)
        #expect(distance(y.slice(1, 5..<12), plain.slice(1, 5..<12)) < 1e-5)
        #expect(distance(y.slice(1, 0..<5), plain.slice(1, 0..<5)) > 0.1)
    }

    @Test func noGeneratorNoDropout() {
        let fixture = LinearFixture()
        let adapter = fixture.attach(to: 0, dropout: 0.5)
        let expected =
            fixture.x.linear(fixture.layer.weight.matrix.slice(0, 0..<5))
            + fixture.x.linear(adapter.update)
        #expect(distance(fixture.layer(fixture.x).slice(1, 0..<5), expected) < 1e-5)
    }

    /// The first pass of a recomputed block records no gradients, and must drop all the same.
    @Test func recomputedBlocksDropInBothPasses() throws {
        let state = AdapterState()
        let layer = maskLayer(0.5, state)
        let x = Tensor.ones([40, 2])
        state.dropoutGenerator = Generator(seed: 5)
        let expected = layer(x)
        let generator = Generator(seed: 5)
        state.dropoutGenerator = generator
        x.requiresGrad = true
        let y = recomputingInBackward(x, generator: generator) { layer($0) }
        #expect(y.isIdentical(to: expected))
        y.sum().backward()
        // d sum / d x is the mask, which the output is.
        #expect(try #require(x.grad).isIdentical(to: expected.detached()))
    }
}
