import Models

/// The slots in which sequences are decoded, and the key-value cache behind them: it grows with
/// what is asked of it, up to a stated number of slots of a stated capacity, and goes when nothing
/// is asked any more.
struct SlotCache {
    /// Sequences that are decoded together at most.
    let limit: Int
    /// Tokens of a slot at most.
    let capacity: Int
    private let decoder: Decoder
    private var cache: KeyValueCache?
    private var free: [Int] = []
    /// Slots of sequences so far; they are numbered from 1.
    private var count = 0

    /// The slot that keeps a prompt of which more answers wait than slots are free.
    static let holder = 0

    init(_ decoder: Decoder, limit: Int, capacity: Int) {
        self.decoder = decoder
        self.limit = limit
        self.capacity = capacity
    }

    /// Slots that can be taken, some of them when they have been reserved.
    var vacancies: Int { limit - (count - free.count) }

    /// Makes room for so many sequences, 1 at least, of so many tokens, as far as the limits reach.
    mutating func reserve(sequences: Int, tokens: Int) {
        let tokens = min(tokens, capacity)
        guard let cache else {
            count = min(sequences, limit)
            free = (1...count).reversed()
            cache = KeyValueCache(
                decoder.configuration, slots: count + 1, capacity: tokens, dtype: decoder.dtype,
                device: decoder.device)
            return
        }
        // By half at least: sequences that join one by one do not copy the cache each.
        let slots =
            sequences <= count ? count : min(max(sequences, count + count / 2), limit)
        guard slots > count || tokens > cache.capacity else { return }
        cache.grow(slots: slots + 1, capacity: max(tokens, cache.capacity))
        free = ((count + 1)..<(slots + 1)).reversed() + free
        count = slots
    }

    /// A free slot that was reserved, empty.
    mutating func take() -> Int {
        let slot = free.removeLast()
        cache?.clear(slot)
        return slot
    }

    mutating func give(back slot: Int) { free.append(slot) }

    /// Gives `targets` what slot `source` holds.
    func copy(from source: Int, to targets: [Int]) { cache?.copy(from: source, to: targets) }

    func sequences(in slots: [Int]) -> CachedSequences? {
        cache.map { CachedSequences(cache: $0, slots: slots) }
    }

    /// Gives the memory back; no slot may be taken.
    mutating func release() { (cache, free, count) = (nil, [], 0) }
}
