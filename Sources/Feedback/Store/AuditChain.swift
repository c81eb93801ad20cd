import FileFormats
import GRDB
import Records

/// The hash chain of the audit log.
///
/// Each entry's hash covers the entry and the hash before it, and the head keeps count and hash of
/// the last one. So an altered, removed, inserted or moved entry is found, and an end that was cut
/// off. Who rewrites the whole log and its head with a program of his own is found only by a head
/// that was noted elsewhere.
enum AuditChain {
    /// What the first entry calls the hash before it.
    static let start = String(repeating: "0", count: 64)

    static func append(
        _ db: Database, at: Timestamp, account: Int64?, action: String, subject: String,
        detail: JSONValue
    ) throws {
        let ask = try db.cachedStatement(sql: "SELECT count, hash FROM auditHead")
        guard let head = try Row.fetchOne(ask) else {
            throw FeedbackError.database("the head of the audit log is missing")
        }
        let detail = try CanonicalJSON.text(detail)
        let count: Int64 = head["count"]
        let entry = Link(
            id: count + 1, at: at.text, account: account, action: action, subject: subject,
            detail: detail, previousHash: head["hash"])
        let hash = try entry.hash
        try db.cachedStatement(sql: "INSERT INTO auditEntry VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                entry.id, entry.at, account, action, subject, detail, entry.previousHash, hash,
            ])
        try db.cachedStatement(sql: "UPDATE auditHead SET count = ?, hash = ?")
            .execute(arguments: [entry.id, hash])
    }

    /// Follows the chain from the first entry to the head.
    static func verify(_ db: Database) throws -> AuditVerification {
        var (count, head) = (0, start)
        let entries = try Row.fetchCursor(db, sql: "SELECT * FROM auditEntry ORDER BY id")
        while let row = try entries.next() {
            if let fault = try fault(of: row, after: Int64(count), head) {
                return AuditVerification(count: count, head: head, fault: fault)
            }
            (count, head) = (count + 1, row["hash"])
        }
        let stored = try Row.fetchOne(db, sql: "SELECT count, hash FROM auditHead")
        return AuditVerification(
            count: count, head: head, fault: fault(ofHead: stored, after: Int64(count), head))
    }

    private static func fault(
        of row: Row, after count: Int64, _ head: String
    ) throws -> AuditVerification.Fault? {
        let id: Int64 = row["id"]
        // A missing entry is named by its own id, not by the one behind it.
        if id != count + 1 { return .init(id: count + 1, reason: "is missing") }
        let link = Link(
            id: id, at: row["at"], account: row["account"], action: row["action"],
            subject: row["subject"], detail: row["detail"], previousHash: row["previousHash"])
        if link.previousHash != head {
            return .init(id: id, reason: "does not follow the one before")
        }
        let hash: String = row["hash"]
        return try link.hash == hash ? nil : .init(id: id, reason: "was altered")
    }

    private static func fault(
        ofHead stored: Row?, after count: Int64, _ head: String
    ) -> AuditVerification.Fault? {
        guard let stored else { return .init(id: count + 1, reason: "the head is missing") }
        let (expected, hash): (Int64, String) = (stored["count"], stored["hash"])
        if expected > count { return .init(id: count + 1, reason: "is missing") }
        if expected < count { return .init(id: expected + 1, reason: "is behind the head") }
        return hash == head ? nil : .init(id: count, reason: "is not the one the head names")
    }
}

/// What an entry's hash covers, as it stands in the table.
private struct Link: Encodable {
    let id: Int64
    let at: String
    let account: Int64?
    let action: String
    let subject: String
    let detail: String
    let previousHash: String

    var hash: String {
        get throws { Checksums.sha256(of: try CanonicalJSON.text(self)) }
    }
}
