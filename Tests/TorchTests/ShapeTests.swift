import Testing
import Torch
import TorchTestSupport

struct ShapeTests {
    // x = [[1, 2, 3], [4, 5, 6]]
    static let cases: [OperatorCase] = [
        OperatorCase("view", [1, 2, 3, 4, 5, 6], shape: [3, 2]) { x().view(3, -1) },
        // Of a transposed matrix: the elements in their new order.
        OperatorCase("reshape", [1, 4, 2, 5, 3, 6], shape: [2, 3]) {
            x().transpose(0, 1).reshape([2, 3])
        },
        OperatorCase("transpose", [1, 4, 2, 5, 3, 6], shape: [3, 2]) { x().transpose(0, 1) },
        OperatorCase("permute", [1, 4, 2, 5, 3, 6], shape: [3, 1, 2]) {
            x().unsqueeze(0).permute(2, 0, 1)
        },
        OperatorCase("expand", [7, 7, 8, 8], shape: [2, 2]) { matrix([7], [8]).expand(-1, 2) },
        OperatorCase("repeatInterleave", [1, 1, 2, 2]) { vector(1, 2).repeatInterleave(2, dim: 0) },
        OperatorCase("unsqueeze", [1, 2], shape: [2, 1]) { vector(1, 2).unsqueeze(1) },
        OperatorCase("squeeze", [1, 2], shape: [2]) { matrix([1, 2]).squeeze(0) },
        OperatorCase("squeeze leaves other sizes", [1, 2], shape: [1, 2]) {
            matrix([1, 2]).squeeze(1)
        },
        OperatorCase("contiguous", [1, 4, 2, 5, 3, 6], shape: [3, 2]) {
            x().transpose(0, 1).contiguous()
        },
        OperatorCase("cat", [1, 2, 3]) { Tensor.cat([vector(1), vector(2, 3)]) },
        OperatorCase("cat along columns", [1, 3, 2, 4], shape: [2, 2]) {
            Tensor.cat([matrix([1], [2]), matrix([3], [4])], dim: 1)
        },
        OperatorCase("stack", [1, 2, 3, 4], shape: [2, 2]) {
            Tensor.stack([vector(1, 2), vector(3, 4)])
        },
        OperatorCase("stack along columns", [1, 3, 2, 4], shape: [2, 2]) {
            Tensor.stack([vector(1, 2), vector(3, 4)], dim: 1)
        },
        OperatorCase("split", [2, 3, 5, 6], shape: [2, 2]) { x().split([1, 2], dim: 1)[1] },
        OperatorCase("detached", [1, 2]) { vector(1, 2).detached() },
    ]

    @Test(arguments: cases) func values(_ operation: OperatorCase) { operation.check() }

    @Test func contiguousIsFreeWhereItHolds() {
        let x = Self.x()
        #expect(x.contiguous() === x)
        let turned = x.transpose(0, 1)
        #expect(!turned.isContiguous)
        #expect(turned.contiguous().isContiguous)
    }

    @Test func viewsShareMemory() {
        let x = Self.x()
        x.view(6).zero_()
        #expect(x.values(Float.self) == [0, 0, 0, 0, 0, 0])
        x.split([1, 1], dim: 0)[1].add_(vector(1, 2, 3))
        #expect(x.values(Float.self) == [0, 0, 0, 1, 2, 3])
    }

    @Test func describesItself() {
        let x = Self.x()
        #expect(x.shape == [2, 3])
        #expect(x.dim == 2)
        #expect(x.size(0) == 2)
        #expect(x.size(-1) == 3)
        #expect(x.count == 6)
        #expect(x.byteCount == 24)
        #expect(x.device == .cpu)
        #expect(x.description == "Tensor([2, 3], float32, cpu)")
    }

    private static func x() -> Tensor {
        startEngine()
        return matrix([1, 2, 3], [4, 5, 6])
    }
}
