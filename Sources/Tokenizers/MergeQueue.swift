/// Byte-pair encoding of a long word in O(n log n): symbols in a linked list, merges in a heap.
struct MergeQueue {
    private struct Entry {
        let merge: MergeTable.Merge
        let place: Int
        /// The symbols that were to merge; the entry is void if they are no longer there.
        let left: UInt32
        let right: UInt32
    }

    private var symbols: [UInt32]
    private var next: [Int]
    private var previous: [Int]
    private var heap: [Entry] = []
    private let merges: MergeTable

    init(symbols: [UInt32], merges: MergeTable) {
        self.symbols = symbols
        self.merges = merges
        next = Array(1...symbols.count)
        previous = Array(-1..<symbols.count - 1)
        for place in 0..<symbols.count - 1 { push(place) }
    }

    mutating func run(into ids: inout [Int]) {
        while let entry = pop() {
            let right = next[entry.place]
            guard symbols[entry.place] == entry.left, right < symbols.count,
                symbols[right] == entry.right
            else { continue }
            merge(entry, right)
        }
        var place = 0
        while place < symbols.count {
            ids.append(Int(symbols[place]))
            place = next[place]
        }
    }

    private mutating func merge(_ entry: Entry, _ right: Int) {
        symbols[entry.place] = UInt32(truncatingIfNeeded: entry.merge)
        symbols[right] = BytePairEncoder.missing
        let after = next[right]
        next[entry.place] = after
        if after < symbols.count {
            previous[after] = entry.place
            push(entry.place)
        }
        if previous[entry.place] >= 0 { push(previous[entry.place]) }
    }

    /// Puts the pair that begins at `place` into the heap, if it merges.
    private mutating func push(_ place: Int) {
        let (left, right) = (symbols[place], symbols[next[place]])
        let merge = merges.merge(left, right)
        guard merge != MergeTable.none else { return }
        heap.append(Entry(merge: merge, place: place, left: left, right: right))
        var child = heap.count - 1
        while child > 0, Self.precedes(heap[child], heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Entry? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if heap.isEmpty { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && Self.precedes(heap[child], heap[least]) {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private static func precedes(_ one: Entry, _ other: Entry) -> Bool {
        if MergeTable.precedes(one.merge, other.merge) { return true }
        return one.merge >> 32 == other.merge >> 32 && one.place < other.place
    }
}
