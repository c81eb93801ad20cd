import Randomness

/// Records that are not to be parted, and which of them are held out.
enum RecordGroups {
    /// One key for all records that share a key, also through others: the smallest that any of
    /// them has.
    ///
    /// - Parameter records: the keys of each record, one at least.
    static func keys(_ records: [[UInt64]]) -> [UInt64] {
        var parents: [UInt64: UInt64] = [:]
        for keys in records {
            let roots = keys.map { root(of: $0, &parents) }
            guard let smallest = roots.min() else { continue }
            for root in roots { parents[root] = smallest }
        }
        return records.map { keys in keys.first.map { root(of: $0, &parents) } ?? 0 }
    }

    private static func root(of key: UInt64, _ parents: inout [UInt64: UInt64]) -> UInt64 {
        var root = key
        while let parent = parents[root], parent != root { root = parent }
        var place = key
        while place != root {
            let next = parents[place] ?? root
            parents[place] = root
            place = next
        }
        parents[root] = root
        return root
    }

    /// Groups in the order that the seed gives them, until they have `wanted` records.
    ///
    /// - Parameter groups: the group of each record.
    /// - Returns: whether each record is held out.
    /// - Throws: `SplitError.nothingLeft` when all are.
    static func heldOut(
        _ groups: [UInt64], wanted: Int, seed: UInt64
    ) throws(SplitError) -> [Bool] {
        let keys = groups.map { group in
            var stream = RandomStream(seed: seed, key: group)
            return stream.next()
        }
        let counts = keys.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        var (held, taken): (Set<UInt64>, Int) = ([], 0)
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) where taken < wanted {
            held.insert(key)
            taken += count
        }
        guard taken < groups.count else { throw .nothingLeft(records: groups.count) }
        return keys.map(held.contains)
    }
}
