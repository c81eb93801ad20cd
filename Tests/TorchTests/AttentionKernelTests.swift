import Testing
import Torch
import TorchTestSupport

struct AttentionKernelTests {
    init() { startEngine() }

    static let heads: [HeadLayout] = [
        HeadLayout(heads: 2, shared: 2, size: 16), HeadLayout(heads: 3, shared: 1, size: 64),
        HeadLayout(heads: 6, shared: 2, size: 16), HeadLayout(heads: 1, shared: 1, size: 2),
    ]
    /// Lengths around the tile of 64, and several sequences in one call.
    static let lengths: [[Int]] = [
        [1], [2], [63], [64], [65], [129], [7, 1, 33], [1, 130, 64, 5],
        Array(repeating: 3, count: 20),
        [0, 4, 0],
    ]

    private func check(_ layout: HeadLayout, _ lengths: [Int]) -> KernelCheck {
        KernelCheck(
            kernel: { layout.packed($0[0], lengths) },
            composition: { composedAttention($0[0], lengths, layout) }
        )
    }

    @Test(arguments: Precision.all, heads)
    func isItsComposition(precision: Precision, layout: HeadLayout) throws {
        for lengths in Self.lengths
        where lengths.allSatisfy({ $0 > 0 }) || precision.dtype != .float64 {
            let rows = normal([lengths.reduce(0, +), layout.width], seed: 1, precision.dtype)
            try check(layout, lengths).run([rows], precision)
        }
    }

    @Test(arguments: Precision.all)
    func ofAnotherLayout(precision: Precision) throws {
        let layout = HeadLayout(heads: 3, shared: 1, size: 16)
        let plain = check(layout, [10, 60])
        let turned = KernelCheck(kernel: { plain.kernel([$0[0].transpose(0, 1)]) }) {
            plain.composition([$0[0].transpose(0, 1)])
        }
        try turned.run([normal([layout.width, 70], seed: 2, precision.dtype)], precision)
    }

    @Test func byHand() {
        // As in NetworkTests: scores 0 and ln 3 on the values 4, 8. Rows are query | key | value,
        // each a head of size 2 whose second number is 0.
        let x = matrix([1, 0, 0, 0, 4, 0], [1, 0, 1.098612289, 0, 8, 0])
        let y = x.packedAttention(lengths: [2], heads: 1, keyValueHeads: 1, scale: 1)
        #expect(distance(y, [4, 0, 7, 0]) < 1e-5)
    }

    /// Scores of hundreds: the exponentials must be taken relative to the largest.
    @Test(arguments: [Precision.single, .half])
    func largeScores(precision: Precision) throws {
        let layout = HeadLayout(heads: 1, shared: 1, size: 16)
        let rows = normal([70, layout.width], seed: 3, precision.dtype) * 30
        let y = layout.packed(rows, [70])
        let expected = composedAttention(rows.to(.float64), [70], layout)
        // exp turns an error of the score, 500 * 2^-24 = 3e-5, into one of the weight.
        #expect(relativeDistance(y, expected) <= max(precision.values, 1e-4))
    }

    /// What is no number reaches its own row and those after it, and nothing before.
    @Test(arguments: [DType.float32, .bfloat16])
    func passesOnWhatIsNoNumber(dtype: DType) {
        let layout = HeadLayout(heads: 1, shared: 1, size: 2)
        let values: [Float] = (0..<12).map { $0 == 8 ? .nan : Float($0) }
        let rows = Tensor(values, shape: [2, 6]).to(dtype)
        let y = layout.packed(rows, [2]).values(Float.self)
        #expect(y[..<2].allSatisfy { $0.isFinite })
        #expect(y[2...].allSatisfy { $0.isNaN })
    }
}
