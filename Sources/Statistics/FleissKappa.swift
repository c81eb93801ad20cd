/// How far several raters agree on categories beyond chance, every item having the same number of
/// ratings, not necessarily by the same raters.
///
/// kappa = (P - Pe) / (1 - Pe): P is the mean share of agreeing pairs of raters an item, Pe the sum
/// of the squared shares of the categories.
///
/// Source: Fleiss, "Measuring nominal scale agreement among many raters" (1971).
public struct FleissKappa: Sendable, Hashable {
    /// The number of ratings that every item has; 0 without items.
    public let raters: Int
    /// Ratings of each category, item by item.
    private let tables: [[Double]]

    /// The ratings that each item got, in any order.
    ///
    /// Nil where items have unequal numbers of ratings, which this measure does not define
    /// (`KrippendorffAlpha` does), or fewer than two.
    public init?(ratings: [[Int]]) {
        let raters = ratings.first?.count ?? 0
        guard ratings.allSatisfy({ $0.count == raters && raters > 1 }) else { return nil }
        let scale = RatingScale(ratings.joined())
        self.raters = raters
        tables = ratings.map { item in
            var table = [Double](repeating: 0, count: scale.count)
            for place in scale.places(of: item) { table[place] += 1 }
            return table
        }
    }

    /// The number of items.
    public var count: Int { tables.count }

    /// 1 for full agreement, 0 for that of chance; nil without items, and where all ratings are of
    /// one category, since chance would agree as well.
    public var value: Double? { value(of: Array(tables.indices)) }

    /// The 95 % percentile-bootstrap interval over items; nil for fewer than two items and where
    /// no resample has a kappa. Resamples without one are left out.
    public func bootstrapInterval(resamples: Int = 2_000, seed: UInt64 = 0) -> Interval? {
        Statistics.bootstrapInterval(
            itemCount: count, resamples: resamples, seed: seed, statistic: value(of:))
    }

    private func value(of items: [Int]) -> Double? {
        var totals = [Double](repeating: 0, count: tables.first?.count ?? 0)
        var squares = 0.0
        for item in items {
            for (category, count) in tables[item].enumerated() {
                totals[category] += count
                squares += count * count
            }
        }
        guard totals.lazy.filter({ $0 > 0 }).count > 1 else { return nil }
        let (n, m) = (Double(items.count), Double(raters))
        let agreement = (squares - n * m) / (n * m * (m - 1))
        let chance = totals.reduce(0) { $0 + ($1 / (n * m)) * ($1 / (n * m)) }
        return (agreement - chance) / (1 - chance)
    }
}
