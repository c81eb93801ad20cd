/// Why the store refused; holds ids, names of fields and line numbers, never the text of a case
/// or an answer.
package enum FeedbackError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is named does not exist.
    case notFound(String, id: String)
    /// A value is not acceptable: which field, and why.
    case invalid(field: String, reason: String)
    /// Rows of an uploaded file are malformed; nothing of it was kept.
    case malformed([RowProblem])
    /// It is there already.
    case duplicate(String, id: String)
    /// The rater saw an older revision than the stored one.
    case staleRevision(seen: Int, current: Int)
    /// Judgements depend on it, so it stays.
    case inUse(String, id: String)
    /// What is asked does not fit the present state.
    case wrongState(String, id: String, reason: String)
    /// SQLite failed; the message names tables and columns only.
    case database(String)
    /// A file could not be opened, read or written.
    case file(String)
    /// The task was cancelled before the transaction began; nothing was written.
    case cancelled

    package var description: String {
        switch self {
        case .notFound(let what, let id): "there is no \(what) \(id)"
        case .invalid(let field, let reason): "\(field): \(reason)"
        case .malformed(let problems): Self.describe(problems)
        case .duplicate(let what, let id): "\(what) \(id) is there already"
        case .staleRevision(let seen, let current):
            "the judgement has been changed: revision \(seen) was seen, \(current) is stored"
        case .inUse(let what, let id): "\(what) \(id) has judgements and cannot be deleted"
        case .wrongState(let what, let id, let reason): "\(what) \(id): \(reason)"
        case .database(let message): "database: \(message)"
        case .file(let message): message
        case .cancelled: "cancelled before anything was written"
        }
    }

    private static func describe(_ problems: [RowProblem]) -> String {
        let lines = problems.prefix(20).map(\.description)
        let rest = problems.count - lines.count
        return (lines + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }
}

/// What is wrong with one row of an uploaded file.
package struct RowProblem: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// Where the row begins, from 1.
    package let line: Int
    /// What is wrong, without the row's text.
    package let reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(line): \(reason)" }
}
