/// Best-fit-decreasing bin packing: within 11/9 of the optimum plus 4 bins (Johnson 1974).
enum BinPacking {
    /// Puts whole items into bins whose lengths sum to at most `capacity`.
    ///
    /// - Parameters:
    ///   - items: indices into `lengths`; ties of length keep their order here.
    ///   - lengths: of each item, none above `capacity`.
    /// - Returns: bins of items, in the order in which they were opened.
    static func pack(_ items: [Int], lengths: [Int], capacity: Int) -> [[Int]] {
        var bins: [[Int]] = []
        var open: [OpenBin] = []
        for item in decreasing(items, lengths: lengths) {
            let length = lengths[item]
            let slot = firstSlot(of: open, fitting: length)
            if slot < open.count {
                let bin = open.remove(at: slot)
                bins[bin.index].append(item)
                insert(OpenBin(room: bin.room - length, index: bin.index), into: &open)
            } else {
                insert(OpenBin(room: capacity - length, index: bins.count), into: &open)
                bins.append([item])
            }
        }
        return bins
    }

    /// A bin and the tokens it can still take; ordered by room, then by age.
    private struct OpenBin {
        var room: Int
        var index: Int
    }

    private static func decreasing(_ items: [Int], lengths: [Int]) -> [Int] {
        items.enumerated()
            .sorted {
                let (left, right) = (lengths[$0.element], lengths[$1.element])
                return left == right ? $0.offset < $1.offset : left > right
            }
            .map(\.element)
    }

    /// The tightest bin with room for `length`; the count when none has it.
    private static func firstSlot(of open: [OpenBin], fitting length: Int) -> Int {
        open.partitioningIndex { $0.room >= length }
    }

    /// A full bin is closed.
    private static func insert(_ bin: OpenBin, into open: inout [OpenBin]) {
        guard bin.room > 0 else { return }
        let slot = open.partitioningIndex { ($0.room, $0.index) > (bin.room, bin.index) }
        open.insert(bin, at: slot)
    }
}

extension Array {
    /// The first index whose element satisfies `predicate`, in an array that holds those that do
    /// not before those that do.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
