import Foundation
import Synchronization

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

extension Tensor {
    /// An uninitialized CPU tensor among others that live as long as it does.
    ///
    /// Weights are read from end to end for every token. In pages of 2 MiB the processor looks up
    /// few addresses and fetches ahead without a break; most tensors are too small to fill one by
    /// themselves.
    static func together(_ shape: [Int], _ dtype: DType) -> Tensor {
        let count = shape.reduce(dtype.byteCount, *)
        guard let place = Pages.place(of: count) else { return .empty(shape, dtype) }
        return Tensor(
            borrowing: UnsafeRawBufferPointer(place.bytes), shape: shape, dtype: dtype,
            owner: place.pages)
    }
}

/// Memory straight from the system, given back when nobody holds it.
private final class Pages: Sendable {
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    /// What was mapped: more, so that the bytes begin with a large page.
    nonisolated(unsafe) private let mapped: UnsafeMutableRawBufferPointer

    private static let largePage = 2 << 20
    /// What tensors together are cut from.
    private static let block = 32 << 20
    private struct Cut {
        weak var pages: Pages?
        var used = 0
    }
    private static let cut = Mutex(Cut())

    /// Nil where the system has none.
    init?(count: Int) {
        let flags = MAP_PRIVATE | MAP_ANON
        let whole = count + Self.largePage
        let start = mmap(nil, whole, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let start, start != MAP_FAILED else { return nil }
        #if os(Linux)
            // A fault for 2 MiB, not for 4 KiB.
            madvise(start, whole, MADV_HUGEPAGE)
        #endif
        mapped = UnsafeMutableRawBufferPointer(start: start, count: whole)
        bytes = UnsafeMutableRawBufferPointer(
            start: start.alignedUp(toMultipleOf: Self.largePage), count: count)
    }

    deinit { munmap(mapped.baseAddress, mapped.count) }

    /// Bytes of a block that is shared until nobody holds any of it.
    static func place(of count: Int) -> (pages: Pages, bytes: UnsafeMutableRawBufferPointer)? {
        if count > block / 2 { return Pages(count: count).map { ($0, $0.bytes) } }
        return cut.withLock { cut in
            if cut.pages.map({ cut.used + count > $0.bytes.count }) ?? true {
                guard let pages = Pages(count: block) else { return nil }
                cut = Cut(pages: pages)
                return take(count, of: pages, &cut)
            }
            return cut.pages.flatMap { take(count, of: $0, &cut) }
        }
    }

    private static func take(
        _ count: Int, of pages: Pages, _ cut: inout Cut
    ) -> (pages: Pages, bytes: UnsafeMutableRawBufferPointer) {
        let place = UnsafeMutableRawBufferPointer(
            rebasing: pages.bytes[cut.used..<(cut.used + count)])
        // The next begins with a line of the cache.
        cut.used += (count + 63) / 64 * 64
        return (pages, place)
    }
}
