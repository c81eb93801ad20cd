import Records

/// The base model or an adapter trained from judgements.
package struct ModelVersion: Codable, Sendable, Hashable, Identifiable {
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        /// Its training is running.
        case training
        /// Trained and held back until a person promotes it.
        case candidate
        /// The one that answers; there is exactly one.
        case current
        /// Was current once.
        case superseded
        case rejected
        /// Its training failed or was stopped.
        case failed
    }

    package let id: Int64
    /// `base` or `iter_N`.
    package let name: String
    /// What it was trained from; nil for the base model.
    package let parentID: Int64?
    /// The base model's name or path.
    package let model: String
    /// The folder of the adapter; nil for the base model and until it is trained.
    package let adapter: String?
    /// `sft`, `dpo`, ...; `base` for the base model.
    package let method: String
    /// The text of the recipe.
    package let recipe: String
    package let datasetID: Int64?
    package let metrics: JSONValue
    package let state: State
    package let createdAt: Timestamp

    /// N of `iter_N`; 0 for the base model.
    package var iteration: Int {
        name.hasPrefix("iter_") ? Int32(name.dropFirst(5)).map { Int($0) } ?? 0 : 0
    }
}

/// One change of the current version.
package struct Promotion: Codable, Sendable, Hashable, Identifiable {
    package enum Kind: String, Codable, Sendable, Hashable {
        case promotion, rollBack
    }

    package let id: Int64
    package let kind: Kind
    /// What became current.
    package let versionID: Int64
    /// What was current before; nil for the first.
    package let fromID: Int64?
    /// Nil when it happened by itself.
    package let accountID: Int64?
    package let reason: String
    package let at: Timestamp
}
