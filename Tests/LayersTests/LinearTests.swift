import Layers
import Testing
import Torch
import TorchTestSupport

struct LinearTests {
    init() { startEngine() }

    @Test func partsKeepTheirPathsAndRows() {
        let layer = LinearFixture().layer
        #expect(layer.parts.map(\.path) == ["a.q_proj", "a.k_proj", "a.v_proj"])
        #expect(layer.parts.map(\.rows) == [0..<5, 5..<9, 9..<12])
        #expect(layer.inputs == 6)
    }

    @Test(arguments: [1, 20]) func isALinearLayer(rows: Int) {
        let fixture = LinearFixture(bias: true, rows: rows)
        let expected = fixture.x.linear(fixture.layer.weight.matrix, bias: fixture.layer.bias)
        #expect(distance(fixture.layer(fixture.x), expected) < 1e-5)
    }

    /// Parts of one layer against a layer each, with and without gradients.
    @Test(arguments: [[0], [1], [0, 2], [0, 1, 2]], [1, 20])
    func partsAreSeparateLayers(adapted: [Int], rows: Int) throws {
        let fixture = LinearFixture(bias: true, rows: rows)
        let together = fixture.layer
        for index in adapted { fixture.attach(to: index, rank: index + 1) }
        let separate = together.parts.map { part in
            let layer = Linear(
                weight: together.weight.matrix.slice(0, part.rows).contiguous(),
                bias: together.bias?.slice(0, part.rows),
                parts: [(part.path, part.rows.count)],
                state: fixture.state
            )
            if let adapter = part.adapters[.default] {
                layer.attach(
                    LowRankAdapter(a: adapter.a + 0, b: adapter.b + 0, settings: adapter.settings),
                    to: 0
                )
            }
            return layer
        }
        let x = fixture.x
        let run = { (layers: [Linear]) in Tensor.cat(layers.map { $0(x) }, dim: 1) }
        let pair = withInference { (run([together]), run(separate)) }
        #expect(distance(pair.0, pair.1) < 1e-5)
        let y = run([together])
        #expect(distance(y, run(separate)) < 1e-5)
        #expect(distance(y, pair.0) < 1e-5)
        y.square().sum().backward()
        run(separate).square().sum().backward()
        for (one, other) in zip(together.parts, separate.compactMap(\.parts.first)) {
            guard let a = one.adapters[.default], let b = other.adapters[.default] else { continue }
            #expect(relativeDistance(try #require(a.a.grad), try #require(b.a.grad)) < 1e-5)
            #expect(relativeDistance(try #require(a.b.grad), try #require(b.b.grad)) < 1e-5)
        }
    }

    @Test func adapterAddsItsUpdate() {
        let fixture = LinearFixture()
        let adapter = fixture.attach(to: 1)
        let plain = fixture.x.linear(fixture.layer.weight.matrix)
        let change = fixture.layer(fixture.x) - plain
        #expect(distance(change.slice(1, 5..<9), fixture.x.linear(adapter.update)) < 1e-5)
        #expect(distance(change.slice(1, 0..<5), .zeros([20, 5])) < 1e-5)
        #expect(distance(change.slice(1, 9..<12), .zeros([20, 3])) < 1e-5)
    }

    @Test func newWeightsOfAnAdapterAreSeen() {
        // Passes without gradients may keep adapters prepared; a step must not leave them stale.
        let fixture = LinearFixture()
        let adapter = fixture.attach(to: 0)
        let before = withInference { fixture.layer(fixture.x) }
        withoutGradients { _ = adapter.b.mul_(2) }
        let after = withInference { fixture.layer(fixture.x) }
        let plain = fixture.x.linear(fixture.layer.weight.matrix)
        #expect(distance(after - plain, (before - plain) * 2) < 1e-5)
        fixture.attach(to: 0, rank: 3)
        let replaced = withInference { fixture.layer(fixture.x) }
        #expect(distance(replaced, fixture.layer(fixture.x)) < 1e-5)
        #expect(distance(replaced, after) > 0.1)
    }

    @Test func disabledAdaptersTakeNoPart() {
        struct Stop: Error {}
        let fixture = LinearFixture()
        fixture.attach(to: 0)
        let (x, layer, state) = (fixture.x, fixture.layer, fixture.state)
        let plain = layer.weight.project(x)
        let adapted = layer(x)
        state.disabled {
            #expect(state.active == nil)
            #expect(layer(x).isIdentical(to: plain))
            state.disabled {}
            #expect(state.active == nil)
        }
        #expect(throws: Stop.self) { try state.disabled { throw Stop() } }
        #expect(state.active == .default)
        #expect(layer(x).isIdentical(to: adapted))
        #expect(distance(adapted, plain) > 0.1)
    }
}
