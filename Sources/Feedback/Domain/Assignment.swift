/// A sampling that a rater is to judge.
package struct Assignment: Codable, Sendable, Hashable {
    package let samplingID: Int64
    package let accountID: Int64
}

/// What a rater is to judge next.
package struct RatingQueue: Codable, Sendable, Hashable {
    package struct Item: Codable, Sendable, Hashable {
        package let samplingID: Int64
        package let caseID: CaseID
        package let question: String
        /// How many kept traces there are to compare.
        package let traces: Int
        /// Whether the rater has been asked to judge it.
        package let assigned: Bool
    }

    package let next: [Item]
    /// How many samplings the rater has judged.
    package let done: Int
    /// How many are left, also those beyond `next`.
    package let remaining: Int
}

/// What a rater has typed and not submitted.
package struct Draft: Codable, Sendable, Hashable {
    package let accountID: Int64
    package let key: String
    /// JSON, at most `DraftStore.limit` bytes.
    package let body: String
    package let updatedAt: Timestamp

    /// The key of a rater's draft of the judgement of a sampling.
    package static func ofRanking(_ samplingID: Int64) -> String { "ranking-\(samplingID)" }
}
