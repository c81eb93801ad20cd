/// One training from judgements.
package struct TrainingJob: Codable, Sendable, Hashable, Identifiable {
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        case preparing, training, evaluating, finished, failed, stopped

        package var isActive: Bool {
            self == .preparing || self == .training || self == .evaluating
        }
    }

    package let id: Int64
    /// `sft`, `dpo`, `kto`, `grpo` or `reward`.
    package let method: String
    package let state: State
    /// Where recipe, data and results lie; empty until it is known.
    package let folder: String
    package let step: Int
    /// How many steps there will be; 0 until it is known.
    package let steps: Int
    package let error: String?
    /// What it makes.
    package let versionID: Int64?
    package let datasetID: Int64?
    /// Who started it; nil when it started by itself.
    package let startedBy: Int64?
    package let startedAt: Timestamp
    package let endedAt: Timestamp?
}
