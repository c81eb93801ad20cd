import Testing
import Torch
import TorchTestSupport

/// Sequences that continue another: as if each had a copy of it.
struct SharedPrefixKernelTests {
    init() { startEngine() }

    struct Packing: Sendable, CustomTestStringConvertible {
        let lengths: [Int]
        let prefixes: [Int]
        var testDescription: String { "\(lengths) behind \(prefixes)" }
        var total: Int { lengths.reduce(0, +) }
        /// First row of each sequence.
        var starts: [Int] { lengths.indices.map { lengths[..<$0].reduce(0, +) } }

        /// The rows of a sequence and of what it continues.
        func whole(_ rows: Tensor, _ sequence: Int) -> Tensor {
            let own = part(rows, sequence)
            return prefixes[sequence] < 0 ? own : .cat([part(rows, prefixes[sequence]), own])
        }

        func part(_ rows: Tensor, _ sequence: Int) -> Tensor {
            rows.slice(0, starts[sequence]..<(starts[sequence] + lengths[sequence]))
        }

        /// Each sequence by itself behind a copy of its prefix; the copy's results are left out.
        func unshared(_ rows: Tensor, _ attend: (Tensor) -> Tensor) -> Tensor {
            .cat(
                lengths.indices.map { sequence in
                    let result = attend(whole(rows, sequence))
                    let count = result.size(0)
                    return result.slice(0, (count - lengths[sequence])..<count)
                })
        }
    }

    /// Prefixes and sequences around the tile of 64; one, two and more of a group; groups mixed,
    /// and beside a sequence that stands alone.
    static let packings: [Packing] = [
        Packing(lengths: [1, 1], prefixes: [-1, 0]),
        Packing(lengths: [5, 3, 70], prefixes: [-1, 0, 0]),
        Packing(lengths: [64, 1, 64, 65], prefixes: [-1, 0, 0, 0]),
        Packing(lengths: [63, 2], prefixes: [-1, 0]),
        Packing(
            lengths: [130, 7, 1, 60, 129, 2, 64, 33, 5, 8],
            prefixes: [-1] + [0, 0, 0, 0, 0]
                + [0, 0, 0, 0]),
        Packing(lengths: [66, 9, 10, 30, 4, 100, 3], prefixes: [-1, -1, 1, 0, 1, 0, -1]),
    ]

    @Test(arguments: Precision.all, packings)
    func isItsComposition(precision: Precision, packing: Packing) throws {
        for layout in AttentionKernelTests.heads {
            let rows = normal([packing.total, layout.width], seed: 4, precision.dtype)
            let check = KernelCheck(
                kernel: { layout.packed($0[0], packing.lengths, prefixes: packing.prefixes) },
                composition: {
                    packing.unshared($0[0]) { composedAttention($0, [$0.size(0)], layout) }
                }
            )
            try check.run([rows], precision)
        }
    }

    /// The numbers of prefix and sequence in one piece, bit by bit.
    @Test(arguments: [DType.float32, .bfloat16], packings)
    func isTheWhole(dtype: DType, packing: Packing) {
        for layout in AttentionKernelTests.heads where layout.size >= 16 {
            let rows = normal([packing.total, layout.width], seed: 5, dtype)
            let shared = layout.packed(rows, packing.lengths, prefixes: packing.prefixes)
            let alone = packing.unshared(rows) { layout.packed($0, [$0.size(0)]) }
            #expect(shared.isIdentical(to: alone), "\(layout)")
        }
    }

    /// Threads take the parts of a group in any order; the sums have one.
    @Test(arguments: [DType.float32, .bfloat16])
    func gradientsAreTheSameEveryTime(dtype: DType) throws {
        let layout = HeadLayout(heads: 9, shared: 3, size: 64)
        let packing = Self.packings[4]
        let rows = normal([packing.total, layout.width], seed: 6, dtype).detached()
        let first = try gradient(rows, packing, layout)
        for _ in 0..<10 {
            #expect(try gradient(rows, packing, layout).isIdentical(to: first))
        }
    }

    private func gradient(_ rows: Tensor, _ packing: Packing, _ layout: HeadLayout) throws -> Tensor
    {
        let leaf = rows + 0
        leaf.requiresGrad = true
        layout.packed(leaf, packing.lengths, prefixes: packing.prefixes).square().sum().backward()
        return try #require(leaf.grad)
    }
}
