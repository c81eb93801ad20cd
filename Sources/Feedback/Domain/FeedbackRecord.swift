/// An answer that an expert accepted or corrected, with the names of the exported format.
package struct FeedbackRecord: Codable, Sendable, Hashable, Identifiable {
    package enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        case accept, edit
    }

    package let id: Int64
    package let timestamp: Timestamp
    /// The number of the version that answered: 0 for the base model, N for `iter_N`.
    package let iteration: Int
    package let prompt: String
    package let generatedResponse: String
    package let preferredResponse: String
    package let feedbackType: Kind
    package let accountID: Int64?
    package let versionID: Int64
    package let traceID: Int64?
}

/// How often experts accept what the model says.
package struct FeedbackStatistics: Codable, Sendable, Hashable {
    package let accepted: Int
    package let edited: Int
    /// The share of edited records; 0 without records.
    package let editRate: Double
    /// How many judgements are missing until training starts by itself.
    package let untilRetrain: Int
    package let threshold: Int
}
