import Testing
import Torch
import TorchTestSupport

struct PointwiseKernelTests {
    init() { startEngine() }

    private let swiglu = KernelCheck(kernel: { $0[0].swiglu() }) { inputs in
        let width = inputs[0].size(-1) / 2
        let halves = inputs[0].split([width, width], dim: -1)
        return halves[0].silu() * halves[1]
    }

    // Widths around the vector lengths, rows around the pieces that threads take.
    @Test(
        arguments: Precision.all,
        [[1, 2], [3, 14], [17, 62], [64, 130], [2, 3, 10], [0, 8]]
    )
    func swigluIsItsComposition(precision: Precision, shape: [Int]) throws {
        try swiglu.run([normal(shape, seed: 1, precision.dtype) * 3], precision)
    }

    @Test(arguments: Precision.all)
    func swigluOfAnotherLayout(precision: Precision) throws {
        let turned = KernelCheck(kernel: { swiglu.kernel([$0[0].transpose(0, 1)]) }) {
            swiglu.composition([$0[0].transpose(0, 1)])
        }
        try turned.run([normal([30, 19], seed: 2, precision.dtype)], precision)
    }

    @Test func swigluByHand() {
        // silu(0) * 5; silu(ln 3) = 0.75 ln 3 times 2; far out the gate is 0 or itself.
        let gates: [Float] = [0, 1.098612289, -200, 200]
        let x = Tensor(rows: [gates + [5, 2, 1, 1]])
        #expect(distance(x.swiglu(), [0, 1.647918433, 0, 200]) < 1e-6)
    }

    @Test(arguments: [DType.float32, .bfloat16])
    func swigluPassesOnWhatIsNoNumber(dtype: DType) {
        let y = matrix([.nan, 1, 1, .nan]).to(dtype).swiglu().values(Float.self)
        #expect(y[0].isNaN)
        #expect(y[1].isNaN)
    }

    // Widths around the vector lengths.
    @Test(
        arguments: [Precision.single, .half],
        [[1, 3], [5, 33], [40, 576], [2, 3, 10], [0, 8]]
    )
    func rmsNormIsItsComposition(precision: Precision, shape: [Int]) throws {
        let weight = normal([shape[shape.count - 1]], seed: 4, precision.dtype)
        let check = KernelCheck(kernel: { $0[0].rmsNorm(weight, epsilon: 1e-5) }) {
            let square = ($0[0] * $0[0]).mean(-1, keepDim: true)
            return $0[0] * (square + 1e-5).rsqrt() * weight.to(.float64)
        }
        try check.run([normal(shape, seed: 1, precision.dtype) * 3], precision)
    }

    private static func rotation(_ heads: Int, _ size: Int, _ angles: Tensor) -> KernelCheck {
        KernelCheck(
            kernel: {
                $0[0].rotary(cosine: angles.cos(), sine: angles.sin(), heads: heads, size: size)
            },
            composition: { composedRotary($0[0], angles, heads, size) }
        )
    }

    /// (a, b) -> (a cos - b sin, b cos + a sin) for the halves a and b of every head.
    private static func composedRotary(
        _ x: Tensor,
        _ angles: Tensor,
        _ heads: Int,
        _ size: Int
    ) -> Tensor {
        let parts = x.split([heads * size, x.size(1) - heads * size], dim: 1)
        let halves = parts[0].reshape([x.size(0), heads, size]).split([size / 2, size / 2], dim: 2)
        let wide = angles.to(.float64).unsqueeze(1)
        let (c, s) = (wide.cos(), wide.sin())
        let turned = [halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s]
        return .cat(
            [Tensor.cat(turned, dim: 2).reshape([x.size(0), heads * size]), parts[1]],
            dim: 1
        )
    }

    @Test(
        arguments: Precision.all,
        [[1, 1, 2, 0], [5, 3, 8, 4], [65, 4, 16, 32], [33, 2, 64, 0]]
    )
    func rotaryIsItsComposition(precision: Precision, sizes: [Int]) throws {
        let (rows, heads, size, rest) = (sizes[0], sizes[1], sizes[2], sizes[3])
        let angles = normal([rows, size / 2], seed: 3) * 10
        let x = normal([rows, heads * size + rest], seed: 4, precision.dtype)
        try Self.rotation(heads, size, angles).run([x], precision)
    }

    @Test(arguments: Precision.all)
    func rotaryOfAnotherLayout(precision: Precision) throws {
        let check = Self.rotation(2, 6, normal([7, 3], seed: 5))
        let turned = KernelCheck(kernel: { check.kernel([$0[0].transpose(0, 1)]) }) {
            check.composition([$0[0].transpose(0, 1)])
        }
        try turned.run([normal([15, 7], seed: 6, precision.dtype)], precision)
    }

    @Test func rotaryByHand() {
        // One head of 4: the pairs are (1, 3) and (2, 4). The first turns by 90 degrees,
        // (1, 3) -> (-3, 1), the second by 180, (2, 4) -> (-2, -4). The 9 is no head.
        let x = matrix([1, 2, 3, 4, 9])
        let y = x.rotary(cosine: matrix([0, -1]), sine: matrix([1, 0]), heads: 1, size: 4)
        #expect(y.values(Float.self) == [-3, -2, 1, -4, 9])
    }
}
