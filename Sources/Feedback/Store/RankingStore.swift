import GRDB
import Records

/// The raters' rankings, in every revision.
package struct RankingStore: Sendable {
    let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// What a rater sees of a sampling. The order of the traces is drawn at the first look,
    /// recorded, and stays.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` while it is being sampled or where it
    ///   has fewer than two traces to compare.
    package func sheet(
        _ samplingID: Int64, for account: Int64
    ) async throws(FeedbackError) -> RatingSheet {
        let known = try await database.read { try $0.sheet(samplingID, for: account) }
        if let known { return known }
        return try await database.write(by: account) { transaction in
            try transaction.drawOrder(samplingID, for: account)
            guard let sheet = try transaction.db.sheet(samplingID, for: account) else {
                throw FeedbackError.notFound("sheet of sampling", id: "\(samplingID)")
            }
            return sheet
        }
    }

    /// A rater's latest revision; nil where there is none.
    package func find(
        _ samplingID: Int64, by account: Int64
    ) async throws(FeedbackError) -> Ranking? {
        try await database.read { try $0.ranking(samplingID, by: account) }
    }

    /// All revisions of one rater, the first one first.
    package func revisions(
        _ samplingID: Int64, by account: Int64
    ) async throws(FeedbackError) -> [Ranking] {
        try await database.read { db in
            try Ranking.fetchAll(
                db,
                sql: """
                    SELECT * FROM rankingRevision WHERE samplingID = ? AND accountID = ?
                    ORDER BY revision
                    """, arguments: [samplingID, account])
        }
    }

    /// The latest revision of each rater of a sampling.
    package func ofSampling(_ id: Int64) async throws(FeedbackError) -> [Ranking] {
        try await database.read { db in
            try Ranking.fetchAll(
                db, sql: "SELECT * FROM ranking WHERE samplingID = ? ORDER BY id", arguments: [id])
        }
    }

    /// The latest revision of each rater and sampling.
    package func all() async throws(FeedbackError) -> [Ranking] {
        try await database.read { try $0.rankings() }
    }
}

extension Database {
    /// The latest revision of each rater and sampling.
    func rankings() throws -> [Ranking] {
        try Ranking.fetchAll(self, sql: "SELECT * FROM ranking ORDER BY id")
    }

    fileprivate func ranking(_ samplingID: Int64, by account: Int64) throws -> Ranking? {
        try fetchOne(
            Ranking.self, "SELECT * FROM ranking WHERE samplingID = ? AND accountID = ?",
            [samplingID, account])
    }

    /// Nil where the rater has not looked yet.
    func shownOrder(_ samplingID: Int64, for account: Int64) throws -> [Int64]? {
        try fetchOne(
            ShownOrder.self, "SELECT * FROM shownOrder WHERE samplingID = ? AND accountID = ?",
            [samplingID, account])?.traceIDs
    }

    /// Nil where the rater has not looked yet.
    fileprivate func sheet(_ samplingID: Int64, for account: Int64) throws -> RatingSheet? {
        let sampling = try find(Sampling.self, samplingID)
        guard let order = try shownOrder(samplingID, for: account) else { return nil }
        let traces = Dictionary(
            uniqueKeysWithValues: try traces(of: samplingID).map { ($0.id, $0) })
        return RatingSheet(
            sampling: sampling,
            clinicalCase: try sampling.caseID.map { try find(ClinicalCase.self, $0) },
            traces: order.compactMap { traces[$0] },
            ranking: try ranking(samplingID, by: account))
    }
}

/// In which order one rater sees the traces of one sampling.
struct ShownOrder: Stored {
    static let noun = "order"

    let samplingID: Int64
    let accountID: Int64
    let traceIDs: [Int64]
    let createdAt: Timestamp
}

extension Transaction {
    fileprivate func drawOrder(_ samplingID: Int64, for account: Int64) throws {
        let sampling = try db.find(Sampling.self, samplingID)
        let kept = try db.traces(of: samplingID).filter(\.kept).map(\.id)
        guard sampling.state.isFinished, kept.count > 1 else {
            let reason = sampling.state.isFinished ? "has nothing to compare" : "is being sampled"
            throw FeedbackError.wrongState("sampling", id: "\(samplingID)", reason: reason)
        }
        let seen = "SELECT 1 FROM shownOrder WHERE samplingID = ? AND accountID = ?"
        if try db.exists(seen, [samplingID, account]) { return }
        try ShownOrder(
            samplingID: samplingID, accountID: account, traceIDs: kept.shuffled(), createdAt: at
        ).insert(db)
        try audit("ranking.show", "sampling/\(samplingID)")
    }
}
