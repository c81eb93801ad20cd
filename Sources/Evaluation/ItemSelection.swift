import Randomness

/// Which of a task's questions are asked.
public enum ItemSelection: Sendable, Hashable {
    case all
    /// The first so many.
    case first(Int)
    /// So many drawn without replacement, in the order of the file; the same for the same seed.
    case random(Int, seed: UInt64)

    func callAsFunction<Item>(_ items: [Item]) -> [Item] {
        switch self {
        case .all: return items
        case .first(let count): return Array(items.prefix(max(0, count)))
        case .random(let count, let seed):
            var stream = RandomStream(seed: seed)
            var places = Array(items.indices)
            stream.shuffle(&places)
            return places.prefix(max(0, count)).sorted().map { items[$0] }
        }
    }
}
