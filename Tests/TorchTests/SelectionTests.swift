import Testing
import Torch

struct SelectionTests {
    // x = [[1, 2, 3], [4, 5, 6]]
    static let cases: [OperatorCase] = [
        OperatorCase("slice", [2, 3, 5, 6], shape: [2, 2]) { x().slice(1, 1..<3) },
        OperatorCase("slice of nothing", [], shape: [0, 3]) { x().slice(0, 1..<1) },
        OperatorCase("select", [4, 5, 6]) { x().select(0, 1) },
        OperatorCase("select the last", [3, 6]) { x().select(1, -1) },
        OperatorCase("indexSelect", [3, 1, 3, 6, 4, 6], shape: [2, 3]) {
            x().indexSelect(1, indices(2, 0, 2))
        },
        OperatorCase("gather", [3, 4], shape: [2, 1]) {
            x().gather(1, Tensor([Int64]([2, 0]), shape: [2, 1]))
        },
        OperatorCase("sorted", [1, 2, 3]) { vector(2, 3, 1).sorted(0, descending: false).values },
        OperatorCase("sorted: indices", [1, 0, 2]) {
            vector(2, 3, 1).sorted(0, descending: true).indices
        },
        OperatorCase("topK", [3, 2]) { vector(2, 3, 1).topK(2, dim: 0).values },
        OperatorCase("topK: indices", [1, 0]) { vector(2, 3, 1).topK(2, dim: 0).indices },
        OperatorCase("scatter", [0, 8, 0, 9]) {
            Tensor.zeros([4]).scatter(0, indices(3, 1), vector(9, 8))
        },
        // 1 + 10 + 30, 1, 1 + 20
        OperatorCase("indexAdd", [41, 1, 21]) {
            Tensor.ones([3]).indexAdd(0, indices(0, 2, 0), vector(10, 20, 30))
        },
        OperatorCase("indexCopy", [5, 6, 4, 5, 6, 7, 8, 9], shape: [4, 2]) {
            Tensor.cat([x().view(3, 2), matrix([8, 9])])
                .indexCopy(0, indices(2, 0), matrix([6, 7], [5, 6]))
                .indexCopy(0, indices(1), matrix([4, 5]))
        },
    ]

    @Test(arguments: cases) func values(_ operation: OperatorCase) { operation.check() }

    /// Rows taken more than once get the sum of their gradients.
    @Test(arguments: [DType.float32, .bfloat16]) func gradientOfRepeatedRows(dtype: DType) {
        let x = Self.x().to(dtype).detached()
        x.requiresGrad = true
        let gradient = matrix([1, 2, 3], [10, 20, 30], [64, 0, 0]).to(dtype)
        x.indexSelect(0, indices(1, 0, 1)).backward(gradient: gradient)
        #expect(x.grad?.values(Float.self) == [10, 20, 30, 65, 2, 3])
    }

    private static func x() -> Tensor { matrix([1, 2, 3], [4, 5, 6]) }
}
