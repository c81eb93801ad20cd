import Optimizers
import Testing
import Torch
import TorchTestSupport

struct RestoreTests {
    init() { startEngine() }

    /// Two weights and an optimizer over them.
    private struct Run {
        let weights: [Tensor]
        let optimizer: AdamW

        init(_ weights: [Tensor]) {
            self.weights = weights
            optimizer = AdamW(
                [("a", weights[0]), ("b", weights[1])],
                settings: .init(weightDecay: 0.01)
            )
        }

        func train(_ steps: Range<Int>) {
            for step in steps {
                for weight in weights {
                    // The second has a gradient in every other step only.
                    if weight.shape == [4], step % 2 == 0 { continue }
                    weight.grad = .randn(weight.shape, generator: Generator(seed: UInt64(step)))
                }
                optimizer.update(learningRate: 0.01)
                optimizer.clearGradients()
            }
        }
    }

    @Test func continuesBitByBit() {
        let start = [Tensor.ones([3, 2]), .zeros([4])]
        let whole = Run(start.map { $0 + 0 })
        whole.train(0..<7)
        let first = Run(start.map { $0 + 0 })
        first.train(0..<4)
        let saved = Dictionary(
            uniqueKeysWithValues: first.optimizer.state.map { ($0.name, $0.tensor + 0) }
        )
        let second = Run(first.weights.map { $0 + 0 })
        second.optimizer.restore(steps: first.optimizer.steps) { saved[$0] ?? .zeros([1]) }
        second.train(4..<7)
        #expect(second.optimizer.step == 7 && second.optimizer.steps == ["a": 7, "b": 3])
        for (a, b) in zip(whole.weights, second.weights) { #expect(a.isIdentical(to: b)) }
        for (a, b) in zip(whole.optimizer.state, second.optimizer.state) {
            #expect(a.name == b.name)
            #expect(a.tensor.isIdentical(to: b.tensor))
        }
    }

    @Test func errorsOfTheSourcePassThrough() {
        struct Missing: Error {}
        let run = Run([.ones([1]), .ones([1])])
        #expect(throws: Missing.self) {
            try run.optimizer.restore(steps: ["a": 3, "b": 3]) { _ in throw Missing() }
        }
        #expect(run.optimizer.step == 0)
    }
}
