import Testing
import Torch

struct ProductTests {
    static let cases: [OperatorCase] = [
        // [1 2; 3 4] [5 6; 7 8]: 5 + 14, 6 + 16; 15 + 28, 18 + 32
        OperatorCase("matmul", [19, 22, 43, 50], shape: [2, 2]) {
            matrix([1, 2], [3, 4]).matmul(matrix([5, 6], [7, 8]))
        },
        // Two products of [1, 2] with [2, 1]: 1 * 3 + 2 * 4, 5 * 7 + 6 * 8
        OperatorCase("matmul in a batch", [11, 83], shape: [2, 1, 1]) {
            Tensor([Float]([1, 2, 5, 6]), shape: [2, 1, 2])
                .matmul(Tensor([Float]([3, 4, 7, 8]), shape: [2, 2, 1]))
        },
        // x W^T: 3 + 8, 5 + 12
        OperatorCase("linear", [11, 17], shape: [1, 2]) {
            matrix([1, 2]).linear(matrix([3, 4], [5, 6]))
        },
        OperatorCase("linear with bias", [12, 16], shape: [1, 2]) {
            matrix([1, 2]).linear(matrix([3, 4], [5, 6]), bias: vector(1, -1))
        },
        // [1 1] + 0.5 [19 22]
        OperatorCase("addmm_", [10.5, 12], shape: [1, 2]) {
            matrix([1, 1]).addmm_(matrix([1, 2]), matrix([5, 6], [7, 8]), alpha: 0.5)
        },
    ]

    @Test(arguments: cases) func values(_ operation: OperatorCase) { operation.check() }
}
