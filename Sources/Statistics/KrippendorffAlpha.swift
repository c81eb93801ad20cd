/// How far any number of raters agree beyond chance, with missing ratings.
///
/// alpha = 1 - Do / De: Do is the mean distance of two ratings of one item, De that of any two
/// ratings. Items with fewer than two ratings have nothing to compare and are left out.
///
/// Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011).
public struct KrippendorffAlpha: Sendable, Hashable {
    /// The squared distance of two ratings.
    public enum Metric: String, Sendable, Hashable, Codable, CaseIterable {
        /// 1 for different ratings.
        case nominal
        /// By how many ratings lie between the two: the squared difference of their mid-ranks.
        case ordinal
    }

    private let metric: Metric
    private let scale: RatingScale
    /// Places on the scale of the ratings of each item that has at least two.
    private let items: [[Int]]

    /// One row an item, one column a rater; nil where the rater did not rate the item.
    public init(ratings: [[Int?]], metric: Metric) {
        let items = ratings.map { $0.compactMap(\.self) }.filter { $0.count > 1 }
        let scale = RatingScale(items.joined())
        self.metric = metric
        self.scale = scale
        self.items = items.map { scale.places(of: $0) }
    }

    /// The number of items with at least two ratings.
    public var count: Int { items.count }

    /// 1 for full agreement, 0 for that of chance; nil where no item has two ratings, and where all
    /// ratings are the same, since chance would agree as well.
    public var value: Double? { value(of: Array(items.indices)) }

    /// The 95 % percentile-bootstrap interval over the items with at least two ratings; nil for
    /// fewer than two of them and where no resample has an alpha. Resamples without one are left
    /// out.
    public func bootstrapInterval(resamples: Int = 2_000, seed: UInt64 = 0) -> Interval? {
        Statistics.bootstrapInterval(
            itemCount: count, resamples: resamples, seed: seed, statistic: value(of:))
    }

    private func value(of drawn: [Int]) -> Double? {
        var totals = [Double](repeating: 0, count: scale.count)
        for item in drawn {
            for place in items[item] { totals[place] += 1 }
        }
        let distances = distances(totals)
        var expected = 0.0
        for (row, distances) in zip(totals, distances) {
            for (column, distance) in zip(totals, distances) { expected += row * column * distance }
        }
        guard expected > 0 else { return nil }
        let observed = drawn.reduce(0) { $0 + disagreement(in: items[$1], distances) }
        return 1 - (totals.reduce(0, +) - 1) * observed / expected
    }

    /// The distances of all ordered pairs of ratings of an item, weighted so that every rating
    /// counts once.
    private func disagreement(in places: [Int], _ distances: [[Double]]) -> Double {
        var sum = 0.0
        for first in places {
            for second in places { sum += distances[first][second] }
        }
        return sum / Double(places.count - 1)
    }

    private func distances(_ totals: [Double]) -> [[Double]] {
        var before = 0.0
        let ranks = totals.map { total in
            before += total
            return before - total / 2
        }
        return ranks.indices.map { first in
            ranks.indices.map { second in
                switch metric {
                case .nominal: first == second ? 0 : 1
                case .ordinal: (ranks[first] - ranks[second]) * (ranks[first] - ranks[second])
                }
            }
        }
    }
}
