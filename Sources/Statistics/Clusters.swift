/// Items that are not independent, in clusters that are: questions about one image. Intervals
/// resample clusters, whole.
///
/// Source: Field and Welsh, "Bootstrapping clustered data" (2007); Davison and Hinkley, "Bootstrap
/// Methods and their Application" (1997), section 3.8.
public struct Clusters: Sendable, Hashable {
    /// The items of each cluster, as indices.
    private let members: [[Int]]

    /// - Parameter labels: of each item; items of one label are a cluster, one without a label is
    ///   a cluster by itself.
    public init<Label: Hashable>(_ labels: [Label?]) {
        var members: [[Int]] = []
        var places: [Label: Int] = [:]
        for (item, label) in labels.enumerated() {
            if let label, let place = places[label] {
                members[place].append(item)
            } else {
                if let label { places[label] = members.count }
                members.append([item])
            }
        }
        self.members = members
    }

    /// The clusters of items, or nil where each is one by itself: they are independent then.
    public static func shared<Label: Hashable>(_ labels: [Label?]) -> Clusters? {
        let clusters = Clusters(labels)
        return clusters.count < labels.count ? clusters : nil
    }

    public var count: Int { members.count }

    /// The 95 % interval of the share of right items.
    ///
    /// Where all items agree, so do all resamples; the interval is then the score interval
    /// (Wilson) of as many trials as there are clusters. [0, 1] for fewer than two clusters.
    public func shareInterval(
        _ outcomes: [Bool], resamples: Int = 10_000, seed: UInt64 = 0
    ) -> Interval {
        guard count > 1 else { return Interval(lower: 0, upper: 1) }
        guard Set(outcomes).count > 1 else {
            return Proportion(successes: outcomes[0] ? count : 0, of: count).wilsonInterval()
        }
        let right = members.map { items in items.count { outcomes[$0] } }
        return interval(of: right, resamples, seed) ?? Interval(lower: 0, upper: 1)
    }

    /// The 95 % interval of the second accuracy less the first, of the same items; [-1, 1] for
    /// fewer than two clusters.
    public func differenceInterval(
        first: [Bool], second: [Bool], resamples: Int = 10_000, seed: UInt64 = 0
    ) -> Interval {
        let gains = members.map { items in
            items.reduce(0) { $0 + (second[$1] ? 1 : 0) - (first[$1] ? 1 : 0) }
        }
        return interval(of: gains, resamples, seed) ?? Interval(lower: -1, upper: 1)
    }

    /// Of the clusters' sums over the number of items drawn.
    private func interval(of sums: [Int], _ resamples: Int, _ seed: UInt64) -> Interval? {
        let sizes = members.map(\.count)
        return Statistics.bootstrapInterval(
            itemCount: count, resamples: resamples, seed: seed
        ) { drawn in
            var (sum, size) = (0, 0)
            for cluster in drawn {
                sum += sums[cluster]
                size += sizes[cluster]
            }
            return Double(sum) / Double(size)
        }
    }

    /// The 95 % interval of any statistic of items; nil for fewer than two clusters and where no
    /// resample has one.
    func interval(
        resamples: Int, seed: UInt64, statistic: ([Int]) -> Double?
    ) -> Interval? {
        var items: [Int] = []
        return Statistics.bootstrapInterval(
            itemCount: count, resamples: resamples, seed: seed
        ) { drawn in
            items.removeAll(keepingCapacity: true)
            for cluster in drawn { items += members[cluster] }
            return statistic(items)
        }
    }
}
