/// The judgements that a training used, frozen in a file.
package struct JudgementDataset: Codable, Sendable, Hashable, Identifiable {
    package enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        /// Accepted and edited answers, to imitate.
        case feedback
        /// Pairs of a better and a worse answer.
        case preference
        /// Answers that are good or bad, each by itself.
        case labelled
    }

    package let id: Int64
    package let kind: Kind
    /// From 1 for each kind.
    package let version: Int
    /// SHA-256 of the canonical lines, in hexadecimal digits.
    package let hash: String
    /// Lines of the file.
    package let count: Int
    /// `ranking/12` (a revision's id) and `feedback/3`, in order.
    package let judgementIDs: [String]
    package let path: String
    package let createdAt: Timestamp
}
