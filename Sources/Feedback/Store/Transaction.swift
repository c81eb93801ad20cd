import GRDB
import Records

/// A change of the database that is under way: who makes it, and when.
struct Transaction {
    let db: Database
    /// One moment for everything that the transaction writes.
    let at: Timestamp
    /// Nil for what the program does by itself.
    let actor: Int64?

    /// Adds an entry to the audit log.
    ///
    /// - Parameter detail: Counts, states and ids; never the text of a case or an answer.
    func audit(_ action: String, _ subject: String, _ detail: [String: JSONValue] = [:]) throws {
        try AuditChain.append(
            db, at: at, account: actor, action: action, subject: subject, detail: .object(detail))
    }
}
