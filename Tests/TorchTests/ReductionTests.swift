import Foundation
import Testing
import Torch

struct ReductionTests {
    // x = [[1, 2, 3], [4, 5, 6]]
    static let cases: [OperatorCase] = [
        OperatorCase("sum", [21], shape: []) { x().sum() },
        OperatorCase("sum of a dimension", [5, 7, 9]) { x().sum(0) },
        OperatorCase("sum, kept", [6, 15], shape: [2, 1]) { x().sum(-1, keepDim: true) },
        OperatorCase("mean", [3.5], shape: []) { x().mean() },
        OperatorCase("mean of a dimension", [2, 5]) { x().mean(1) },
        OperatorCase("mean, kept", [2.5, 3.5, 4.5], shape: [1, 3]) { x().mean(0, keepDim: true) },
        OperatorCase("amax", [4, 5, 6]) { x().amax(0) },
        OperatorCase("amax, kept", [3, 6], shape: [2, 1]) { x().amax(1, keepDim: true) },
        OperatorCase("argmax", [2, 0]) { matrix([1, 2, 3], [7, 5, 6]).argmax(1) },
        OperatorCase("argmax, kept", [1, 0, 0], shape: [1, 3]) {
            matrix([1, 5, 3], [4, 5, 2]).argmax(0, keepDim: true)
        },
        // log(1 + 3) and log(e^1000 + e^1000) = 1000 + log 2, which overflows when done plainly
        OperatorCase("logsumexp", [1.386294361, 1000.693147]) {
            matrix([0, log(3)], [1000, 1000]).logsumexp(1)
        },
        OperatorCase("logsumexp, kept", [1.386294361], shape: [1, 1]) {
            matrix([0, log(3)]).logsumexp(1, keepDim: true)
        },
        // sqrt(9 + 16 + 144)
        OperatorCase("norm", [13], shape: []) { vector(3, -4, 12).norm() },
        OperatorCase("cumsum", [1, 3, 6, 4, 9, 15], shape: [2, 3]) { x().cumsum(1) },
        OperatorCase("all: true", [1], shape: []) { Tensor([true, true]).all() },
        OperatorCase("all: false", [0], shape: []) { Tensor([true, false]).all() },
    ]

    @Test(arguments: cases) func values(_ operation: OperatorCase) { operation.check() }

    @Test func accumulatesInTheDtypeAskedFor() {
        // 4096 ones and a half: bf16 has 8 bits, so its own sum would stand still at 256.
        let x = Tensor.ones([4097]).to(.bfloat16)
        #expect(x.sum(dtype: .float32).dtype == .float32)
        #expect(x.sum(dtype: .float32).item(Float.self) == 4097)
        #expect(x.norm(dtype: .float32).dtype == .float32)
        #expect(abs(x.norm(dtype: .float32).item(Float.self) - 64.0078) < 1e-3)
    }

    @Test func argmaxIsAnInteger() { #expect(Self.x().argmax(1).dtype == .int64) }

    private static func x() -> Tensor { matrix([1, 2, 3], [4, 5, 6]) }
}
