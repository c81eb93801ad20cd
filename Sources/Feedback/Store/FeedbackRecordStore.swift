import GRDB
import Records

/// The answers that experts accepted or corrected.
package struct FeedbackRecordStore: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Stores what an expert thinks of an answer, once for each trace and expert.
    ///
    /// - Parameter preferredResponse: The trace's text for `accept`, another text for `edit`.
    /// - Throws: `FeedbackError.notFound`, `.invalid`, or `.duplicate`.
    package func record(
        traceID: Int64, preferredResponse: String, kind: FeedbackRecord.Kind, by account: Int64
    ) async throws(FeedbackError) -> FeedbackRecord {
        _ = try FieldCheck.text(preferredResponse, "preferredResponse", limit: 1 << 20)
        return try await database.write(by: account) { transaction in
            let db = transaction.db
            let trace = try db.find(Trace.self, traceID)
            guard (trace.text == preferredResponse) == (kind == .accept) else {
                let reason = kind == .accept ? "is not the answer" : "is the answer unchanged"
                throw FeedbackError.invalid(field: "preferredResponse", reason: reason)
            }
            let sql = "SELECT 1 FROM feedbackRecord WHERE traceID = ? AND accountID = ?"
            if try db.exists(sql, [traceID, account]) {
                throw FeedbackError.duplicate("judgement of trace", id: "\(traceID)")
            }
            return try transaction.insert(trace, preferredResponse, kind, account)
        }
    }

    /// All records in the order in which they were made.
    package func all() async throws(FeedbackError) -> [FeedbackRecord] {
        try await database.read { try $0.feedbackRecords() }
    }

    /// How often answers were accepted, and how many judgements are missing to the threshold.
    package func statistics(threshold: Int) async throws(FeedbackError) -> FeedbackStatistics {
        try await database.read { db in
            let sql = "SELECT count(*) FROM feedbackRecord WHERE feedbackType = ?"
            let accepted = try db.count(sql, [FeedbackRecord.Kind.accept])
            let edited = try db.count(sql, [FeedbackRecord.Kind.edit])
            let all = accepted + edited
            return FeedbackStatistics(
                accepted: accepted, edited: edited,
                editRate: all == 0 ? 0 : Double(edited) / Double(all),
                untilRetrain: max(0, threshold - (try db.pendingJudgements())),
                threshold: threshold)
        }
    }
}

extension Database {
    /// All records in the order in which they were made.
    func feedbackRecords() throws -> [FeedbackRecord] {
        try FeedbackRecord.fetchAll(self, sql: "SELECT * FROM feedbackRecord ORDER BY id")
    }
}

extension Transaction {
    fileprivate func insert(
        _ trace: Trace, _ preferred: String, _ kind: FeedbackRecord.Kind, _ account: Int64
    ) throws -> FeedbackRecord {
        let sampling = try db.find(Sampling.self, trace.samplingID)
        let version = try db.find(ModelVersion.self, trace.versionID)
        let id = try db.insert(
            into: "feedbackRecord",
            [
                "timestamp": at, "iteration": version.iteration,
                "prompt": sampling.prompt.last { $0.role == "user" }?.content ?? "",
                "generatedResponse": trace.text, "preferredResponse": preferred,
                "feedbackType": kind, "accountID": account, "versionID": version.id,
                "traceID": trace.id,
            ])
        try audit("feedback.\(kind.rawValue)", "trace/\(trace.id)", ["record": .integer(Int(id))])
        return try db.find(FeedbackRecord.self, id)
    }
}
