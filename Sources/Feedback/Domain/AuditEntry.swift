import Records

/// One line of the audit log: who did what to what, chained to the line before by its hash.
package struct AuditEntry: Codable, Sendable, Hashable, Identifiable {
    /// From 1 without gaps.
    package let id: Int64
    package let at: Timestamp
    /// Nil for what the program did by itself.
    package let account: Int64?
    /// What was done, for instance `ranking.submit`.
    package let action: String
    /// What it was done to, for instance `sampling/12`.
    package let subject: String
    /// Counts, states and ids; never the text of a case or an answer.
    package let detail: JSONValue
    /// The hash of the entry before; 64 zeros for the first.
    package let previousHash: String
    /// SHA-256 of the canonical JSON of everything else.
    package let hash: String
}

/// What a check of the audit log found.
package struct AuditVerification: Sendable, Hashable {
    /// The first altered or missing entry.
    package struct Fault: Sendable, Hashable, CustomStringConvertible {
        package let id: Int64
        package let reason: String

        package var description: String { "entry \(id): \(reason)" }
    }

    /// How many entries were found good.
    package let count: Int
    /// The hash of the last good entry: kept elsewhere, it shows also a log rewritten as a whole.
    package let head: String
    package let fault: Fault?
}
