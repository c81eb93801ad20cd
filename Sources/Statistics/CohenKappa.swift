/// How far two raters agree on the same items beyond what their habits give by chance.
///
/// kappa = 1 - sum(w o) / sum(w e): o are the shares of items in each cell of the raters' table, e
/// those that their marginal shares predict, w the weight of a disagreement.
///
/// Sources: Cohen, "A coefficient of agreement for nominal scales" (1960); Cohen, "Weighted kappa"
/// (1968).
public struct CohenKappa: Sendable, Hashable {
    /// What a disagreement counts. A rating's value is its place on the scale: 1 and 3 are twice
    /// as far apart as 1 and 2, also where nobody says 2.
    public enum Weighting: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every disagreement counts the same.
        case unweighted
        /// By the difference of the ratings.
        case linear
        /// By the squared difference of the ratings.
        case quadratic

        func weight(_ first: Int, _ second: Int) -> Double {
            let distance = Double(first) - Double(second)
            return switch self {
            case .unweighted: first == second ? 0 : 1
            case .linear: distance.magnitude
            case .quadratic: distance * distance
            }
        }
    }

    private let scale: RatingScale
    private let first: [Int]
    private let second: [Int]
    /// By the places of both ratings.
    private let weights: [[Double]]

    /// Two raters' ratings of the same items in the same order; traps on unequal lengths.
    public init(first: [Int], second: [Int], weighting: Weighting = .unweighted) {
        precondition(first.count == second.count, "\(first.count) and \(second.count) ratings")
        let scale = RatingScale(first + second)
        self.scale = scale
        self.first = scale.places(of: first)
        self.second = scale.places(of: second)
        weights = scale.values.map { row in scale.values.map { weighting.weight(row, $0) } }
    }

    /// The number of items.
    public var count: Int { first.count }

    /// 1 for full agreement, 0 for that of chance; nil without items, and where both raters give
    /// one and the same rating to everything, since chance would agree as well.
    public var value: Double? { value(of: Array(first.indices)) }

    /// The 95 % percentile-bootstrap interval over items; nil for fewer than two items and where
    /// no resample has a kappa. Resamples without one are left out.
    public func bootstrapInterval(resamples: Int = 2_000, seed: UInt64 = 0) -> Interval? {
        Statistics.bootstrapInterval(
            itemCount: count, resamples: resamples, seed: seed, statistic: value(of:))
    }

    private func value(of items: [Int]) -> Double? {
        var rows = [Double](repeating: 0, count: scale.count)
        var columns = rows
        var observed = 0.0
        for item in items {
            rows[first[item]] += 1
            columns[second[item]] += 1
            observed += weights[first[item]][second[item]]
        }
        var expected = 0.0
        for row in rows.indices {
            for column in columns.indices {
                expected += weights[row][column] * rows[row] * columns[column]
            }
        }
        return expected > 0 ? 1 - observed * Double(items.count) / expected : nil
    }
}
