import Objectives
import Testing
import Torch
import TorchTestSupport

struct TokenSegmentsTests {
    // Completions [1, 2], [], [4, 8, 3]
    private let segments: TokenSegments
    private let tokens: Tensor

    init() {
        startEngine()
        segments = TokenSegments(lengths: [2, 0, 3])
        tokens = Tensor([Float]([1, 2, 4, 8, 3]))
        tokens.requiresGrad = true
    }

    @Test func byHand() {
        #expect(segments.tokenCount == 5)
        #expect(segments.sums(tokens).values(Float.self) == [3, 0, 15])
        #expect(segments.means(tokens).values(Float.self) == [1.5, 0, 5])
        #expect(
            segments.expanded(Tensor([Float]([7, 8, 9]))).values(Float.self) == [7, 7, 9, 9, 9])
    }

    @Test func gradientsByHand() {
        // d/d token of 1 * sum_1 + 5 * sum_3; of the means each over its length; of an expansion
        // with weights 1...5 the sums of the weights.
        let slope = Tensor([Float]([1, 3, 5]))
        segments.sums(tokens).backward(gradient: slope)
        #expect(tokens.grad?.values(Float.self) == [1, 1, 5, 5, 5])
        tokens.grad = nil
        segments.means(tokens).backward(gradient: slope)
        #expect(distance(tokens.grad ?? .zeros([0]), [0.5, 0.5, 5.0 / 3, 5.0 / 3, 5.0 / 3]) < 1e-6)
        let completions = Tensor.ones([3])
        completions.requiresGrad = true
        segments.expanded(completions).backward(gradient: Tensor([Float]([1, 2, 3, 4, 5])))
        #expect(completions.grad?.values(Float.self) == [3, 0, 12])
    }

    @Test func sumsOfManyTokensAreExact() {
        // f32 would lose 1e-3 of each addition once the sum is beyond 16,384.
        let count = 100_000
        let long = TokenSegments(lengths: [count])
        let sum = long.sums(Tensor.full([count], 0.7)).item(Float.self)
        #expect(sum == Float(Double(count) * Double(Float(0.7))))
    }

    @Test func nothing() {
        let none = TokenSegments(lengths: [])
        #expect(none.sums(.zeros([0])).shape == [0])
        #expect(none.expanded(.zeros([0])).shape == [0])
    }
}
