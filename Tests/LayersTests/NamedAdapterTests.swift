import Layers
import Testing
import Torch
import TorchTestSupport

/// Several adapters on one frozen layer.
struct NamedAdapterTests {
    private let fixture: LinearFixture
    private let policy: LowRankAdapter
    private let critic: LowRankAdapter

    init() {
        startEngine()
        fixture = LinearFixture(bias: true)
        policy = fixture.attach(to: 0, rank: 2)
        critic = fixture.attach(to: 2, rank: 3, name: "critic")
    }

    private var state: AdapterState { fixture.state }

    private func output() -> Tensor { fixture.layer(fixture.x) }

    /// The base layer's output with one adapter's update on some of its rows.
    private func expected(_ adapter: LowRankAdapter?, _ rows: Range<Int> = 0..<0) -> Tensor {
        let (x, layer) = (fixture.x, fixture.layer)
        let y = x.linear(layer.weight.matrix, bias: layer.bias)
        if let adapter { y.slice(1, rows).add_(x.linear(adapter.update)) }
        return y
    }

    @Test(arguments: [false, true]) func theActiveOneTakesPart(recording: Bool) {
        let run = { recording ? output() : withInference { output() } }
        for _ in 0..<2 {
            #expect(distance(run(), expected(policy, 0..<5)) < 1e-5)
            #expect(distance(state.with("critic") { run() }, expected(critic, 9..<12)) < 1e-5)
            #expect(distance(state.disabled { run() }, expected(nil)) < 1e-5)
        }
    }

    @Test func gradientsGoToTheActiveOne() {
        state.with("critic") { output().square().sum().backward() }
        #expect(critic.a.grad != nil && critic.b.grad != nil)
        #expect(policy.a.grad == nil && policy.b.grad == nil)
    }

    /// The graph keeps the adapter that was active when it was made.
    @Test func backwardMayComeLater() {
        let (y, value) = (output(), state.with("critic") { output() })
        state.disabled { (y.sum() + value.sum()).backward() }
        #expect(policy.b.grad != nil && critic.b.grad != nil)
    }

    /// Passes without gradients keep adapters prepared, each name its own.
    @Test func preparedFormsStayApart() {
        let both = { withInference { (output(), state.with("critic") { output() }) } }
        let before = both()
        withoutGradients { _ = critic.b.mul_(2) }
        let after = both()
        #expect(after.0.isIdentical(to: before.0))
        let plain = expected(nil)
        #expect(distance(after.1 - plain, (before.1 - plain) * 2) < 1e-5)
    }

    @Test func dropoutIsEachAdaptersOwn() {
        fixture.attach(to: 2, dropout: 0.5, name: "critic")
        let still = (output(), state.with("critic") { output() })
        state.dropoutGenerator = Generator(seed: 3)
        #expect(output().isIdentical(to: still.0))
        #expect(distance(state.with("critic") { output() }, still.1) > 0.1)
        let off = state.with("critic", dropout: nil) { output() }
        #expect(off.isIdentical(to: still.1))
        #expect(state.dropoutGenerator != nil)
    }

    @Test func scopesNestAndEnd() {
        struct Stop: Error {}
        #expect(state.active == .default)
        state.with("critic") {
            #expect(state.active == "critic")
            state.disabled { #expect(state.active == nil) }
            #expect(state.active == "critic")
        }
        #expect(throws: Stop.self) { try state.with("critic") { throw Stop() } }
        #expect(state.active == .default)
    }

    @Test func oneMergedTheOtherBeside() {
        let before = (output(), state.with("critic") { output() })
        fixture.layer.merge()
        #expect(distance(output(), before.0) < 1e-5)
        #expect(!output().requiresGrad)
        #expect(state.with("critic") { output() }.isIdentical(to: before.1))
        fixture.layer.merge("critic")
        #expect(output().isIdentical(to: before.0))
        #expect(distance(state.with("critic") { output() }, before.1) < 1e-5)
        fixture.layer.unmerge()
        #expect(state.with("critic") { output() }.isIdentical(to: before.1))
    }

    @Test func mergingANameTheLayerLacksTakesTheOtherOut() {
        let weight = fixture.layer.weight.stored
        fixture.layer.merge()
        fixture.layer.merge("elsewhere")
        #expect(fixture.layer.weight.stored === weight)
    }

    @Test func detachedIsGone() {
        fixture.layer.detach("critic")
        #expect(fixture.layer.parts.allSatisfy { $0.adapters["critic"] == nil })
        #expect(distance(state.with("critic") { output() }, expected(nil)) < 1e-5)
        #expect(distance(output(), expected(policy, 0..<5)) < 1e-5)
    }

    /// A critic that starts from the reward model must not train it.
    @Test func weightsAreCopied() {
        let copy = LowRankAdapter(a: policy.a, b: policy.b, settings: policy.settings)
        let before = policy.a + 0
        withoutGradients { _ = copy.a.mul_(2) }
        #expect(policy.a.isIdentical(to: before))
    }

    @Test func misspeltNamesTrap() async {
        await #expect(processExitsWith: .failure) { AdapterState().with("critik") {} }
    }
}
