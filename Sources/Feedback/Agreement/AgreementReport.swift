import GRDB
import Statistics

/// How far raters agree, and where they do not.
///
/// An item is a kept trace, its rating a rater's mid-rank of it among the traces of its sampling,
/// doubled to be whole: (1, 1, 2) and (1, 1, 3) are both 3, 3, 6. Rankings that call everything
/// unacceptable are no ratings. Intervals resample traces as if they were independent; those of
/// one sampling are not, so the intervals are rather too narrow.
package struct AgreementReport: Codable, Sendable, Hashable {
    /// How far a rater has come.
    package struct Rater: Codable, Sendable, Hashable {
        package let accountID: Int64
        package let name: String
        package let assigned: Int
        package let judged: Int
    }

    /// Two raters' kappa, weighted by the squared difference of the ranks.
    package struct Pair: Codable, Sendable, Hashable {
        package let a: Int64
        package let b: Int64
        package let kappa: Double?
        package let low: Double?
        package let high: Double?
        /// How many samplings both have ranked.
        package let cases: Int
    }

    /// A measure over all raters.
    package struct Measure: Codable, Sendable, Hashable {
        package let value: Double?
        package let low: Double?
        package let high: Double?
        /// How many traces went into it.
        package let items: Int
        /// How many ratings each of them has; nil where that differs.
        package let raters: Int?
    }

    /// Krippendorff's alpha of everything judged until the end of a day.
    package struct Day: Codable, Sendable, Hashable {
        /// In UTC, as `2026-11-21`.
        package let date: String
        package let alpha: Double
    }

    /// A sampling whose raters do not agree.
    package struct Disagreement: Codable, Sendable, Hashable {
        package let samplingID: Int64
        package let caseID: CaseID?
        /// Of all two traces and two raters, the share in which the raters order the traces the
        /// other way round; 1 where one rater calls unacceptable what the other ranks.
        package let spread: Double
    }

    package let raters: [Rater]
    package let cohen: [Pair]
    /// Over the traces that have the most frequent number of ratings; nil without such.
    package let fleiss: Measure?
    /// Ordinal, over all traces with two ratings; nil without such.
    package let krippendorff: Measure?
    package let overTime: [Day]
    /// The largest first.
    package let disagreements: [Disagreement]
}

extension AgreementReport {
    /// The report of everything judged until now.
    package static func make(_ store: FeedbackStore) async throws(FeedbackError) -> AgreementReport
    {
        let (raters, judged) = try await store.database.read { db in
            (try db.raterProgress(), try db.judgedSamplings())
        }
        return AgreementReport(raters: raters, judged: judged)
    }

    init(raters: [Rater], judged: [JudgedSampling]) {
        let ratings = RatingTable(judged.flatMap(\.ordered))
        self.raters = raters
        cohen = ratings.cohen()
        fleiss = ratings.fleiss()
        krippendorff = ratings.krippendorff()
        overTime = Self.days(judged.flatMap(\.ordered))
        disagreements = judged.compactMap(\.disagreement)
            .sorted { ($1.spread, $0.samplingID) < ($0.spread, $1.samplingID) }
    }

    private static func days(_ rankings: [Ranking]) -> [Day] {
        Set(rankings.map(\.createdAt.day)).sorted().compactMap { day in
            let until = RatingTable(rankings.filter { $0.createdAt.day <= day })
            return until.alpha.value.map { Day(date: day, alpha: $0) }
        }
    }
}

extension AgreementReport.Rater: FetchableRecord {}

extension Database {
    fileprivate func raterProgress() throws -> [AgreementReport.Rater] {
        try AgreementReport.Rater.fetchAll(
            self,
            sql: """
                SELECT * FROM (SELECT id AS accountID, name,
                    (SELECT count(*) FROM assignment WHERE accountID = account.id) AS assigned,
                    (SELECT count(*) FROM ranking WHERE accountID = account.id) AS judged
                    FROM account) WHERE assigned > 0 OR judged > 0 ORDER BY accountID
                """)
    }
}
