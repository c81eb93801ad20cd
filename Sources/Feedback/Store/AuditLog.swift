import GRDB
import Records

/// Who did what: append-only and hash-chained.
package struct AuditLog: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Adds an entry of its own, for what changes no table.
    ///
    /// - Parameters:
    ///   - action: What was done, for instance `update.stop`.
    ///   - subject: What it was done to, for instance `update/3`.
    ///   - detail: Counts, states and ids; never the text of a case or an answer.
    package func append(
        action: String, subject: String, detail: [String: JSONValue] = [:], actor: Int64?
    ) async throws(FeedbackError) {
        try await database.write(by: actor) { transaction in
            try transaction.audit(action, subject, detail)
        }
    }

    /// The newest entries first.
    ///
    /// - Parameter before: Only entries older than this one.
    package func page(
        before: Int64? = nil, limit: Int = 100
    ) async throws(FeedbackError) -> [AuditEntry] {
        try await database.read { db in
            try AuditEntry.fetchAll(
                db, sql: "SELECT * FROM auditEntry WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before ?? .max, max(0, limit)])
        }
    }

    /// Follows the whole chain and tells the first entry that is altered or missing.
    package func verify() async throws(FeedbackError) -> AuditVerification {
        try await database.read(AuditChain.verify)
    }
}

extension AuditEntry: FetchableRecord {}
