import Randomness

/// How often each record is drawn: groups of records with a share of every epoch.
///
/// An epoch still has as many places as there are records. A group fills its share of them from its
/// own shuffled order and goes on there in the next epoch: none of its records comes again before
/// all others of the group have come.
public struct RecordSampling: Sendable, Hashable {
    /// The records of each group.
    private let groups: [[Int]]
    /// Places of each group in an epoch.
    private let counts: [Int]

    /// - Parameters:
    ///   - groups: the group of each record, counted from 0.
    ///   - weights: of each group, above 0, to any sum; those without a record do not count.
    public init(groups: [Int], weights: [Double]) {
        var members = [[Int]](repeating: [], count: weights.count)
        for (record, group) in groups.enumerated() { members[group].append(record) }
        let weights = zip(members, weights).map { $0.isEmpty ? 0 : $1 }
        self.groups = members
        counts = Self.apportioned(groups.count, by: weights)
    }

    /// Records of an epoch in a random order, as many as there are records.
    func order(ofEpoch epoch: Int, seed: UInt64, _ random: inout RandomStream) -> [Int] {
        var order: [Int] = []
        for (number, (members, count)) in zip(groups, counts).enumerated() where count > 0 {
            let places = (epoch * count)..<((epoch + 1) * count)
            var (pass, shuffled) = (-1, members)
            for place in places {
                if place / members.count != pass {
                    pass = place / members.count
                    shuffled = members
                    // Passes of all groups have streams of their own, apart from the epochs'.
                    let key = 1 << 63 | UInt64(number) << 32 | UInt64(pass)
                    var stream = RandomStream(seed: seed, key: key)
                    stream.shuffle(&shuffled)
                }
                order.append(shuffled[place % members.count])
            }
        }
        random.shuffle(&order)
        return order
    }

    /// Whole numbers that add up to the total, as near to the weights as they can be (largest
    /// remainders); every group with a weight has one at least, as far as the total reaches.
    private static func apportioned(_ total: Int, by weights: [Double]) -> [Int] {
        let sum = weights.reduce(0, +)
        let exact = weights.map { Double(total) * $0 / sum }
        var counts = exact.map { max(Int($0), $0 > 0 ? 1 : 0) }
        let order = weights.indices.filter { weights[$0] > 0 }
            .sorted { (exact[$1] - Double(counts[$1]), $0) < (exact[$0] - Double(counts[$0]), $1) }
        var rest = total - counts.reduce(0, +)
        for group in order where rest > 0 {
            counts[group] += 1
            rest -= 1
        }
        while rest < 0, let largest = counts.indices.max(by: { counts[$0] < counts[$1] }) {
            counts[largest] -= 1
            rest += 1
        }
        return counts
    }
}
