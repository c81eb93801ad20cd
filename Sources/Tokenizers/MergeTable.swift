/// Which neighbours merge, when, and into what: a hash table from pairs of ids.
struct MergeTable: Sendable {
    /// The rank of a merge in the high half, the id it gives in the low half.
    typealias Merge = UInt64

    static let none = Merge.max

    /// Whether a merge comes before another wherever both stand: its rank is lower. Of equal
    /// ranks, which SentencePiece has, the leftmost comes first.
    @inline(__always)
    static func precedes(_ one: Merge, _ other: Merge) -> Bool {
        one >> 32 < other >> 32
    }

    private struct Slot {
        var pair = UInt64.max
        var merge = MergeTable.none
    }

    private var slots: [Slot]
    private let shift: UInt64

    init(capacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < capacity * 2 { bits += 1 }
        slots = [Slot](repeating: Slot(), count: 1 << bits)
        shift = 64 - bits
    }

    /// Adds a merge; of two with the same pair the first stays.
    ///
    /// At most `capacity` fit.
    mutating func insert(_ left: Int, _ right: Int, rank: Int, id: Int) {
        let pair = Self.pair(UInt32(left), UInt32(right))
        let shift = shift
        slots.withUnsafeMutableBufferPointer { slots in
            let slot = Self.find(pair, in: UnsafeBufferPointer(slots), shift: shift)
            guard slots[slot].pair == .max else { return }
            slots[slot] = Slot(pair: pair, merge: UInt64(rank) << 32 | UInt64(id))
        }
    }

    @inline(__always)
    func merge(_ left: UInt32, _ right: UInt32) -> Merge {
        slots.withUnsafeBufferPointer { slots in
            slots[Self.find(Self.pair(left, right), in: slots, shift: shift)].merge
        }
    }

    /// All merges, in no order.
    var all: [(left: Int, right: Int, rank: Int)] {
        slots.filter { $0.pair != .max }.map { slot in
            (Int(slot.pair >> 32), Int(slot.pair & 0xFFFF_FFFF), Int(slot.merge >> 32))
        }
    }

    @inline(__always)
    private static func pair(_ left: UInt32, _ right: UInt32) -> UInt64 {
        UInt64(left) << 32 | UInt64(right)
    }

    /// Fibonacci hashing, linear probing.
    @inline(__always)
    private static func find(
        _ pair: UInt64,
        in slots: UnsafeBufferPointer<Slot>,
        shift: UInt64
    ) -> Int {
        let mixed = (pair ^ (pair >> 29)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: mixed >> shift)
        while slots[slot].pair != pair, slots[slot].pair != .max {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }
}
