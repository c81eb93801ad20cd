import Foundation
import Testing
import Torch

struct NetworkTests {
    static let cases: [OperatorCase] = [
        OperatorCase("embedding", [5, 6, 1, 2], shape: [2, 2]) {
            matrix([1, 2], [3, 4], [5, 6]).embedding(indices(2, 0))
        },
        // mean square 12.5; 3 / sqrt 12.5 and 2 * 4 / sqrt 12.5
        OperatorCase("rmsNorm", [0.848528137, 2.262741700], shape: [1, 2]) {
            matrix([3, 4]).rmsNorm(vector(1, 2), epsilon: 0)
        },
        // mean square 12.5 + 3.5 = 16
        OperatorCase("rmsNorm: epsilon", [0.75, 1], shape: [1, 2]) {
            matrix([3, 4]).rmsNorm(vector(1, 1), epsilon: 3.5)
        },
        // e^0 : e^(ln 3) = 1 : 3
        OperatorCase("softmax", [0.25, 0.75]) { vector(0, log(3)).softmax(0) },
        OperatorCase("softmax down", [0.25, 0.75], shape: [2, 1]) {
            matrix([0], [log(3)]).softmax(0)
        },
        // log 1/4 and log 3/4
        OperatorCase("logSoftmax", [-1.386294361, -0.287682072]) {
            vector(0, log(3)).logSoftmax(0)
        },
        // Weights 1/4 and 3/4 on 4 and 8; the first query sees the first key only.
        OperatorCase("attention, causal", [4, 7], shape: [1, 1, 2, 1]) {
            Tensor.attention(queries(), keys(), values(), causal: true, scale: 1)
        },
        OperatorCase("attention, all", [7, 7], shape: [1, 1, 2, 1]) {
            Tensor.attention(queries(), keys(), values(), scale: 1)
        },
        OperatorCase("attention, masked", [8, 4], shape: [1, 1, 2, 1]) {
            let mask = Tensor([false, true, true, false], shape: [2, 2])
            return Tensor.attention(queries(), keys(), values(), mask: mask, scale: 1)
        },
        // Two heads share one head of keys and values; head size 1 makes the default scale 1.
        OperatorCase("attention, grouped", [4, 7, 4, 7], shape: [1, 2, 2, 1]) {
            let twice = Tensor.cat([queries(), queries()], dim: 1)
            return Tensor.attention(twice, keys(), values(), causal: true)
        },
    ]

    @Test(arguments: cases) func values(_ operation: OperatorCase) { operation.check() }

    @Test func softmaxInAnotherDtype() {
        let x = vector(0, log(3)).to(.bfloat16)
        #expect(x.softmax(0, dtype: .float32).dtype == .float32)
        #expect(x.logSoftmax(0, dtype: .float32).dtype == .float32)
        #expect(x.softmax(0).dtype == .bfloat16)
    }

    private static func queries() -> Tensor { Tensor([Float]([1, 1]), shape: [1, 1, 2, 1]) }
    private static func keys() -> Tensor { Tensor([0, log(Float(3))], shape: [1, 1, 2, 1]) }
    private static func values() -> Tensor { Tensor([Float]([4, 8]), shape: [1, 1, 2, 1]) }
}
