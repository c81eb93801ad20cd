import GRDB
import Records

extension RankingStore {
    /// Stores a judgement as the next revision and throws away the rater's draft of it.
    ///
    /// - Throws: `FeedbackError.staleRevision` when the rater saw another revision than the stored
    ///   one; `.invalid`; `.notFound`; `.wrongState` where the rater has not seen the sheet.
    package func submit(
        _ submission: RankingSubmission, samplingID: Int64, by account: Int64
    ) async throws(FeedbackError) -> Ranking {
        try await database.write(by: account) { transaction in
            let db = transaction.db
            let shown = try db.shownTraces(samplingID, to: account)
            try submission.check(shown)
            let current = try db.latestRevision(samplingID, by: account)
            guard submission.revision == current else {
                throw FeedbackError.staleRevision(seen: submission.revision, current: current)
            }
            let ranking = try transaction.insert(
                submission, order: shown.map(\.id), samplingID: samplingID, account: account)
            try transaction.deleteDraft(Draft.ofRanking(samplingID), account: account)
            return ranking
        }
    }
}

/// A trace as far as a judgement of it is checked.
struct ShownTrace: Sendable, Hashable {
    let id: Int64
    let text: String
}

extension Database {
    /// The traces of a rater's sheet, in the order in which they were shown.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` where the rater has not looked yet.
    fileprivate func shownTraces(_ samplingID: Int64, to account: Int64) throws -> [ShownTrace] {
        guard let order = try shownOrder(samplingID, for: account) else {
            _ = try find(Sampling.self, samplingID)
            throw FeedbackError.wrongState(
                "sampling", id: "\(samplingID)", reason: "has not been shown to this rater")
        }
        let ask = try cachedStatement(sql: "SELECT id, text FROM trace WHERE samplingID = ?")
        let texts = try Dictionary(
            uniqueKeysWithValues: Row.fetchAll(ask, arguments: [samplingID]).map { row in
                (row["id"] as Int64, row["text"] as String)
            })
        return order.compactMap { id in texts[id].map { ShownTrace(id: id, text: $0) } }
    }

    /// 0 where there is none.
    fileprivate func latestRevision(_ samplingID: Int64, by account: Int64) throws -> Int {
        let ask = try cachedStatement(
            sql: "SELECT max(revision) FROM rankingRevision WHERE samplingID = ? AND accountID = ?")
        return try Int.fetchOne(ask, arguments: [samplingID, account]) ?? 0
    }
}

extension Transaction {
    /// Stores a checked submission as the next revision.
    ///
    /// - Parameter order: The traces as the rater saw them.
    fileprivate func insert(
        _ submission: RankingSubmission, order: [Int64], samplingID: Int64, account: Int64
    ) throws -> Ranking {
        let revision = submission.revision + 1
        let id = try db.insert(
            into: "rankingRevision",
            [
                "samplingID": samplingID, "accountID": account, "revision": revision,
                "shownOrder": try CanonicalJSON.text(order),
                "ranks": try CanonicalJSON.text(submission.ranks),
                "unacceptable": submission.unacceptable,
                "axes": try CanonicalJSON.text(submission.axes),
                "reason": submission.reason, "spans": try CanonicalJSON.text(submission.spans),
                "seconds": submission.seconds, "createdAt": at,
            ])
        try audit("ranking.submit", "sampling/\(samplingID)", ["revision": .integer(revision)])
        return Ranking(
            id: id, samplingID: samplingID, accountID: account, revision: revision,
            shownOrder: order, ranks: submission.ranks, unacceptable: submission.unacceptable,
            axes: submission.axes, reason: submission.reason, spans: submission.spans,
            seconds: submission.seconds, createdAt: at)
    }
}
