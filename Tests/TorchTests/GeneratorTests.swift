import Testing
import Torch
import TorchTestSupport

struct GeneratorTests {
    init() { startEngine() }

    @Test func drawsWhatPyTorchDraws() {
        // torch.rand(3, generator=torch.Generator().manual_seed(1))
        let x = Tensor.rand([3], generator: Generator(seed: 1))
        #expect(distance(x, [0.7576315999, 0.2793108821, 0.4030692577]) < 1e-7)
    }

    @Test func sameSeedSameStream() {
        let (a, b) = (Generator(seed: 7), Generator(seed: 7))
        for _ in 0..<3 {
            #expect(Tensor.randn([5], generator: a).isIdentical(to: .randn([5], generator: b)))
        }
        #expect(
            !Tensor.randn([5], generator: a).isIdentical(
                to: .randn([5], generator: Generator(seed: 8))
            )
        )
    }

    @Test func stateContinuesTheStream() {
        let generator = Generator(seed: 7)
        _ = Tensor.randn([5], generator: generator)
        let state = generator.state
        let expected = Tensor.rand([4], generator: generator)
        let other = Generator(seed: 0)
        other.state = state
        #expect(Tensor.rand([4], generator: other).isIdentical(to: expected))
        generator.state = state
        #expect(Tensor.rand([4], generator: generator).isIdentical(to: expected))
    }
}
