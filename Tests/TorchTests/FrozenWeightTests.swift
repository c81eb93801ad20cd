import Testing
import Torch
import TorchTestSupport

/// A weight in panels holds what it was made of, and gives the bits that the matrix gives.
struct FrozenWeightTests {
    init() { startEngine() }

    // One panel, several pieces of work, and more inputs than are packed at once.
    static let sizes = [[16, 32], [48, 64], [272, 576], [96, 1056]]

    @Test(arguments: [Precision.single, .half], sizes)
    func keepsItsNumbers(precision: Precision, size: [Int]) {
        let matrix = normal(size, seed: 1, precision.dtype)
        let weight = FrozenWeight(matrix)
        #expect(weight.shape == size)
        #expect(weight.stored.shape.count == 3)
        #expect(weight.matrix.isIdentical(to: matrix))
        let ids = Tensor([3, 0, size[0] - 1].map(Int64.init))
        #expect(weight.rows(ids).isIdentical(to: matrix.embedding(ids)))
    }

    @Test(arguments: [Precision.single, .half], sizes)
    func givesTheSameBits(precision: Precision, size: [Int]) {
        let matrix = normal(size, seed: 1, precision.dtype)
        let bias = normal([size[0]], seed: 2, precision.dtype)
        let weight = FrozenWeight(matrix)
        for rows in [1, 2, 3, 5, 8, 12, 16, 17, 70, 300] {
            let x = normal([rows, size[1]], seed: 3, precision.dtype)
            let y = weight.project(x, bias: bias)
            #expect(y.isIdentical(to: x.projected(matrix, bias: bias)), "\(rows) rows")
            #expect(
                gradient(x) { weight.project($0) }
                    .isIdentical(to: gradient(x) { $0.projected(matrix) }), "\(rows) rows back")
        }
    }

    @Test(arguments: [Precision.single, .half]) func withAdapters(precision: Precision) {
        let matrix = normal([96, 64], seed: 1, precision.dtype)
        let weight = FrozenWeight(matrix)
        let (a, b) = ([normal([3, 64], seed: 2)], [normal([96, 3], seed: 3)])
        func adapted(_ stored: Tensor, _ x: Tensor) -> Tensor {
            x.loraLinear(stored, bias: nil, mask: nil, starts: [0], scales: [2], a: a, b: b)
        }
        for rows in [1, 8, 40] {
            let x = normal([rows, 64], seed: 4, precision.dtype)
            let packed = Tensor.packAdapters(
                for: weight.stored, starts: [0], scales: [2], a: a, b: b)
            let y = adapted(matrix, x)
            #expect(adapted(weight.stored, x).isIdentical(to: y))
            #expect(x.loraLinear(weight.stored, bias: nil, packed: packed).isIdentical(to: y))
            #expect(
                gradient(x) { adapted(weight.stored, $0) }
                    .isIdentical(to: gradient(x) { adapted(matrix, $0) }))
        }
    }

    /// Sizes that fill no whole panels, and what no kernel takes.
    @Test(arguments: [[15, 32], [16, 34]]) func otherSizesStayAsTheyAre(size: [Int]) {
        let matrix = normal(size, seed: 1, .bfloat16)
        #expect(FrozenWeight(matrix).stored === matrix)
        #expect(FrozenWeight(normal([16, 32], seed: 1, .float64)).stored.shape == [16, 32])
    }

    private func gradient(_ x: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
        let input = x.detached() + 0
        input.requiresGrad = true
        let y = body(input)
        (y * normal(y.shape, seed: 9, y.dtype)).sum().backward()
        return input.grad ?? .zeros([0])
    }
}
