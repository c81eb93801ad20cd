import Testing
import Torch
import TorchTestSupport

struct CachedAttentionKernelTests {
    init() { startEngine() }

    private static let capacity = 180

    /// Runs whole sequences in two parts, through a cache, and the same at once.
    private func check(
        _ layout: HeadLayout,
        past: [Int],
        new: [Int],
        slots: [Int],
        _ precision: Precision
    ) {
        let width = layout.shared * layout.size
        let shape = [(slots.max() ?? 0) + 2, Self.capacity, width]
        let (keys, values) = (
            Tensor.full(shape, 7, precision.dtype), Tensor.full(shape, 7, precision.dtype)
        )
        let whole = past.indices.map {
            normal([past[$0] + new[$0], layout.width], seed: UInt64($0) + 1, precision.dtype)
        }
        let attend = { (rows: [Tensor], past: [Int]) in
            Tensor.cat(rows).cachedAttention(
                keys: keys,
                values: values,
                slots: slots,
                past: past,
                lengths: rows.map { $0.size(0) },
                heads: layout.heads,
                keyValueHeads: layout.shared,
                scale: layout.scale
            )
        }
        let before = zip(whole, past).map { $0.slice(0, 0..<$1) }
        let after = zip(whole, past).map { $0.slice(0, $1..<$0.size(0)) }
        if past.contains(where: { $0 > 0 }) { _ = attend(before, past.map { _ in 0 }) }
        let expected = zip(whole, past).map { rows, past in
            composedAttention(rows.to(.float64), [rows.size(0)], layout).slice(
                0,
                past..<rows.size(0)
            )
        }
        #expect(relativeDistance(attend(after, past), .cat(expected)) <= precision.values)
        for (slot, rows) in zip(slots, whole) {
            let parts = rows.split([layout.heads * layout.size, width, width], dim: 1)
            expectFilled(keys.select(0, slot), parts[1])
            expectFilled(values.select(0, slot), parts[2])
        }
    }

    /// The cache holds exactly these rows, and behind them what was there before.
    private func expectFilled(_ cache: Tensor, _ rows: Tensor) {
        let count = rows.size(0)
        #expect(cache.slice(0, 0..<count).isIdentical(to: rows))
        let rest = cache.slice(0, count..<Self.capacity)
        #expect(rest.values(Float.self).allSatisfy { $0 == 7 })
    }

    @Test(arguments: Precision.all, AttentionKernelTests.heads)
    func continuesWhereTheCacheEnds(precision: Precision, layout: HeadLayout) {
        for past in [0, 5, 64, 100] {
            for queries in [1, 2, 3, 4, 70] {
                check(layout, past: [past], new: [queries], slots: [1], precision)
            }
        }
    }

    @Test(arguments: Precision.all, AttentionKernelTests.heads)
    func manySequencesOfDifferentAges(precision: Precision, layout: HeadLayout) {
        check(layout, past: [100, 5, 64, 1], new: [1, 1, 1, 1], slots: [3, 0, 5, 2], precision)
        check(layout, past: [100, 5, 64, 1], new: [2, 70, 4, 1], slots: [2, 4, 1, 0], precision)
    }

    /// Token by token from the cache, the numbers of training, bit by bit.
    @Test(arguments: [DType.float32, .bfloat16]) func stepsAreTheWhole(dtype: DType) {
        let layout = HeadLayout(heads: 6, shared: 2, size: 32)
        let count = 150
        let rows = normal([count, layout.width], seed: 9, dtype)
        let whole = layout.packed(rows, [count])
        let keys = Tensor.full([1, Self.capacity, layout.shared * layout.size], 7, dtype)
        let values = Tensor.full([1, Self.capacity, layout.shared * layout.size], 7, dtype)
        var past = 0
        for length in [1, 1, 61, 1, 1, 1, 30] + Array(repeating: 1, count: 54) {
            let step = past..<(past + length)
            let some = rows.slice(0, step).cachedAttention(
                keys: keys, values: values, slots: [0], past: [past], lengths: [length],
                heads: layout.heads, keyValueHeads: layout.shared, scale: layout.scale)
            #expect(some.isIdentical(to: whole.slice(0, step)), "token \(past)")
            past += length
        }
        #expect(past == count)
    }
}
