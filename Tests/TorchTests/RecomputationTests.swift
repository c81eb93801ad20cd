import Testing
import Torch
import TorchTestSupport

struct RecomputationTests {
    private let generator = Generator(seed: 5)
    private let x: Tensor
    private let weight: Tensor

    init() {
        startEngine()
        x = .randn([4, 3], generator: generator)
        weight = .randn([5, 3], generator: generator)
        x.requiresGrad = true
        weight.requiresGrad = true
    }

    private func block(_ x: Tensor) -> Tensor { x.linear(weight).silu().exp() }

    /// Gradients of x and weight, which are then forgotten.
    private func takeGradients() -> [Tensor?] {
        defer {
            x.grad = nil
            weight.grad = nil
        }
        return [x.grad, weight.grad]
    }

    @Test func gradientsAreTheSame() throws {
        block(x * 2).square().sum().backward()
        let expected = takeGradients()
        var calls = 0
        let y = recomputingInBackward(x * 2) { input in
            calls += 1
            return block(input)
        }
        #expect(calls == 1)
        #expect(y.isIdentical(to: block(x * 2)))
        y.square().sum().backward()
        #expect(calls == 2)
        for (found, wanted) in zip(takeGradients(), expected) {
            #expect(try #require(found).isIdentical(to: try #require(wanted)))
        }
    }

    @Test func chainsOfBlocksAccumulate() throws {
        let square = { (y: Tensor) in block(y).matmul(weight) * 0.1 }
        square(square(x)).sum().backward()
        let expected = takeGradients()
        recomputingInBackward(recomputingInBackward(x, square), square).sum().backward()
        for (found, wanted) in zip(takeGradients(), expected) {
            #expect(relativeDistance(try #require(found), try #require(wanted)) < 1e-6)
        }
    }

    @Test func capturedWeightsNeedNoGradientOfTheInput() throws {
        // As in the first layer of a frozen model.
        x.requiresGrad = false
        block(x).sum().backward()
        let expected = try #require(weight.grad)
        weight.grad = nil
        recomputingInBackward(x, block).sum().backward()
        #expect(try #require(weight.grad).isIdentical(to: expected))
        #expect(x.grad == nil)
    }

    @Test func randomNumbersAreReplayed() throws {
        let draws = Generator(seed: 9)
        var masks: [Tensor] = []
        let y = recomputingInBackward(x, generator: draws) { input in
            let mask = Tensor.empty(input.shape).bernoulli(0.5, generator: draws)
            masks.append(mask)
            return input * mask
        }
        // Draws between the two passes neither disturb the replay nor are they repeated after it.
        let between = Tensor.rand([4], generator: draws)
        y.sum().backward()
        let after = Tensor.rand([4], generator: draws)
        #expect(masks.count == 2)
        #expect(masks[0].isIdentical(to: masks[1]))
        #expect(try #require(x.grad).isIdentical(to: masks[0]))
        let plain = Generator(seed: 9)
        _ = Tensor.empty(x.shape).bernoulli(0.5, generator: plain)
        #expect(between.isIdentical(to: .rand([4], generator: plain)))
        #expect(after.isIdentical(to: .rand([4], generator: plain)))
    }

    @Test func runsPlainlyWithoutGradients() {
        var calls = 0
        let y = withoutGradients {
            recomputingInBackward(x) { input in
                calls += 1
                return input * 2
            }
        }
        #expect(calls == 1)
        #expect(!y.requiresGrad)
    }

    @Test func closureLivesAsLongAsTheGraph() {
        final class Token {}
        weak var token: Token?
        do {
            let kept = Token()
            token = kept
            let y = recomputingInBackward(x) { input in
                withExtendedLifetime(kept) { input * 2 }
            }
            y.sum().backward()
        }
        #expect(token == nil)
        #expect(x.grad?.values(Float.self) == Array(repeating: 2, count: 12))
    }
}
