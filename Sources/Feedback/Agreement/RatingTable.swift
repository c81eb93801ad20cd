import Statistics

/// Who gave which trace which rating.
struct RatingTable {
    /// By trace, then by rater.
    private let ratings: [Int64: [Int64: Int]]
    private let samplings: [Int64: Set<Int64>]
    private let traces: [Int64]
    private let raters: [Int64]

    /// - Parameter rankings: The latest ones, without those that call everything unacceptable.
    init(_ rankings: [Ranking]) {
        var ratings: [Int64: [Int64: Int]] = [:]
        for ranking in rankings {
            for (trace, rating) in ranking.doubledMidRanks {
                ratings[trace, default: [:]][ranking.accountID] = rating
            }
        }
        self.ratings = ratings
        samplings = Dictionary(grouping: rankings, by: \.accountID)
            .mapValues { Set($0.map(\.samplingID)) }
        traces = ratings.keys.sorted()
        raters = samplings.keys.sorted()
    }

    var alpha: KrippendorffAlpha {
        let rows = traces.map { trace in raters.map { ratings[trace]?[$0] } }
        return KrippendorffAlpha(ratings: rows, metric: .ordinal)
    }

    func krippendorff() -> AgreementReport.Measure? {
        let alpha = alpha
        guard alpha.count > 0 else { return nil }
        let interval = alpha.bootstrapInterval()
        return AgreementReport.Measure(
            value: alpha.value, low: interval?.lower, high: interval?.upper, items: alpha.count,
            raters: nil)
    }

    /// Fleiss' kappa needs the same number of ratings everywhere.
    func fleiss() -> AgreementReport.Measure? {
        let rows = traces.compactMap { ratings[$0].map { Array($0.values) } }
        let sizes = Dictionary(grouping: rows, by: \.count).filter { $0.key > 1 }
        let largest = sizes.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
        guard let (size, rows) = largest, let kappa = FleissKappa(ratings: rows) else { return nil }
        let interval = kappa.bootstrapInterval()
        return AgreementReport.Measure(
            value: kappa.value, low: interval?.lower, high: interval?.upper, items: kappa.count,
            raters: size)
    }

    /// All two raters who have ranked a sampling both.
    func cohen() -> [AgreementReport.Pair] {
        raters.indices.flatMap { first in
            raters.indices.dropFirst(first + 1).compactMap { second in
                pair(raters[first], raters[second])
            }
        }
    }

    private func pair(_ a: Int64, _ b: Int64) -> AgreementReport.Pair? {
        let shared = traces.compactMap { trace -> (Int, Int)? in
            guard let first = ratings[trace]?[a], let second = ratings[trace]?[b] else {
                return nil
            }
            return (first, second)
        }
        if shared.isEmpty { return nil }
        let kappa = CohenKappa(
            first: shared.map(\.0), second: shared.map(\.1), weighting: .quadratic)
        let interval = kappa.bootstrapInterval()
        let cases = samplings[a, default: []].intersection(samplings[b, default: []]).count
        return AgreementReport.Pair(
            a: a, b: b, kappa: kappa.value, low: interval?.lower, high: interval?.upper,
            cases: cases)
    }
}

extension Ranking {
    /// Twice the mean place of each trace among all: ties share one, gaps between ranks do not
    /// count.
    var doubledMidRanks: [Int64: Int] {
        ranks.values.mapValues { rank in
            let better = ranks.values.values.count { $0 < rank }
            let equal = ranks.values.values.count { $0 == rank }
            return 2 * better + equal + 1
        }
    }
}

extension JudgedSampling {
    /// Nil where fewer than two raters have judged it, or all agree.
    var disagreement: AgreementReport.Disagreement? {
        var (opposed, all) = (0.0, 0.0)
        for (index, first) in rankings.enumerated() {
            for second in rankings.dropFirst(index + 1) {
                opposed += first.opposition(to: second)
                all += 1
            }
        }
        guard opposed > 0 else { return nil }
        return AgreementReport.Disagreement(
            samplingID: sampling.id, caseID: sampling.caseID, spread: opposed / all)
    }
}

extension Ranking {
    /// The share of all two traces that the other ranking has the other way round.
    fileprivate func opposition(to other: Ranking) -> Double {
        if unacceptable || other.unacceptable { return unacceptable == other.unacceptable ? 0 : 1 }
        let shared = ranks.values.keys.filter { other.ranks[$0] != nil }.sorted()
        var (opposed, all) = (0, 0)
        for (index, first) in shared.enumerated() {
            for second in shared.dropFirst(index + 1) {
                all += 1
                let orders = [self, other].map { $0.preference(of: first, over: second) ?? 0 }
                opposed += orders[0] * orders[1] < 0 ? 1 : 0
            }
        }
        return all == 0 ? 0 : Double(opposed) / Double(all)
    }
}
