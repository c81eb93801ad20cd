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
        // mean 3, variance 4: -1 * 2 + 1 and 1 * 3 - 1
        OperatorCase("layerNorm", [-1, 2], shape: [1, 2]) {
            matrix([1, 5]).layerNorm(vector(2, 3), bias: vector(1, -1), epsilon: 0)
        },
        // variance 4 + 12 = 16
        OperatorCase("layerNorm: epsilon", [-0.5, 0.5], shape: [1, 2]) {
            matrix([1, 5]).layerNorm(vector(1, 1), bias: vector(0, 0), epsilon: 12)
        },
        // x (1 + erf(x / sqrt 2)) / 2; with tanh: x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
        OperatorCase("gelu", [-0.158655254, 0, 1.954499736]) { vector(-1, 0, 2).gelu() },
        OperatorCase("gelu: tanh", [-0.158808009, 0, 1.954597694]) {
            vector(-1, 0, 2).gelu(tanh: true)
        },
        // Keys' kernel with a = -0.75 at distances 1.25, and 0.75 and 1.75: -0.10546875, and
        // 0.26171875 - 0.03515625; the rest by symmetry.
        OperatorCase(
            "bicubic", [-0.10546875, 0.2265625, 0.7734375, 1.10546875], shape: [1, 1, 1, 4]
        ) {
            Tensor([Float]([0, 1]), shape: [1, 1, 1, 2])
                .resizedBicubic(height: 1, width: 4, smooth: false)
        },
        // The kernel twice as wide, a = -0.5: 0.8671875 twice, 0.2265625, -0.0703125; the sum is
        // 1.890625.
        OperatorCase("bicubic: smooth", [-0.037190083, 0.458677686], shape: [1, 1, 1, 2]) {
            Tensor([Float]([0, 0, 0, 1]), shape: [1, 1, 1, 4])
                .resizedBicubic(height: 1, width: 2, smooth: true)
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
        // Weights 1/4 and 3/4 on 4 and 8; head size 1 makes the scale 1.
        OperatorCase("attention", [7, 7], shape: [1, 1, 2, 1]) {
            Tensor.attention(queries(), keys(), values())
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
