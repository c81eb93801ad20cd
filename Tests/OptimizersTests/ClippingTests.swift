import Optimizers
import Testing
import Torch
import TorchTestSupport

struct ClippingTests {
    private let parameters: [Tensor]

    /// Gradients (3, 4) and (12), norm sqrt(9 + 16 + 144) = 13; one parameter has none.
    init() {
        startEngine()
        parameters = [.zeros([2]), .zeros([1]), .zeros([5])]
        parameters[0].grad = Tensor([Float]([3, 4]))
        parameters[1].grad = Tensor([Float]([12]))
    }

    private var gradients: [Float] {
        parameters.compactMap(\.grad).flatMap { $0.values(Float.self) }
    }

    @Test func scalesDownToTheLimit() {
        #expect(clipGradients(parameters, limit: 6.5) == 13)
        // times 6.5 / 13
        for (found, wanted) in zip(gradients, [1.5, 2, 6] as [Float]) {
            #expect(abs(found - wanted) < 1e-5)
        }
    }

    @Test(arguments: [nil, 14, 1e9]) func leavesSmallOnesAlone(limit: Double?) {
        #expect(clipGradients(parameters, limit: limit) == 13)
        #expect(gradients == [3, 4, 12])
    }

    @Test func tellsWhatIsNoNumber() {
        parameters[1].grad = Tensor([Float.nan])
        #expect(clipGradients(parameters, limit: 1).isNaN)
        parameters[1].grad = Tensor([Float.infinity])
        #expect(clipGradients(parameters, limit: 1) == .infinity)
        #expect(parameters[0].grad?.values(Float.self) == [3, 4])
    }

    @Test func accumulatesHalvesInFull() {
        // 70,000 gradients of 1 in bf16: the norm of their squares must not stop at 256.
        let half = Tensor.zeros([70_000], .bfloat16)
        half.grad = .ones([70_000], .bfloat16)
        #expect(abs(clipGradients([half], limit: nil) - 264.575) < 0.01)
    }

    @Test func nothingToClip() {
        #expect(clipGradients([], limit: 1) == 0)
        #expect(clipGradients([Tensor.zeros([2])], limit: 1) == 0)
    }
}
