import Foundation

extension Tensor {
    /// An uninitialized CPU tensor in memory of its own, outside the heap.
    ///
    /// For what lives as long as a model: weights of many megabytes between blocks that come and go
    /// would leave holes in the heap, 40 % more than the weights of a model of 3 billion.
    ///
    /// - Parameter shape: sizes, of at least one element.
    public static func pages(_ shape: [Int], _ dtype: DType) -> Tensor {
        let count = shape.reduce(dtype.byteCount, *)
        guard let pages = Pages(count: count) else { return .empty(shape, dtype) }
        return Tensor(
            borrowing: UnsafeRawBufferPointer(pages.bytes), shape: shape, dtype: dtype, owner: pages
        )
    }
}

/// Memory straight from the system, given back when nobody holds it.
private final class Pages {
    let bytes: UnsafeMutableRawBufferPointer

    /// Nil where the system has none.
    init?(count: Int) {
        let flags = MAP_PRIVATE | MAP_ANON
        let start = mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let start, start != MAP_FAILED else { return nil }
        #if os(Linux)
            // A fault for 2 MiB, not for 4 KiB.
            madvise(start, count, MADV_HUGEPAGE)
        #endif
        bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    deinit { munmap(bytes.baseAddress, bytes.count) }
}
