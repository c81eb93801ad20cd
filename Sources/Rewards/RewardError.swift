/// Rows that a reward could not score. It never holds their text.
public struct RewardError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A row of the batch that was scored.
    public struct Row: Sendable, Hashable, CustomStringConvertible {
        /// Its place in the batch, from 0.
        public let index: Int
        /// The record's id, if it has one.
        public let id: String?

        public var description: String { "\(index)" + (id.map { " (id \($0))" } ?? "") }
    }

    /// The reward's name.
    public let reward: String
    public let reason: String
    /// The rows without a score because of it; empty when it is not about rows.
    public let rows: [Row]

    /// A failure that is not about single rows.
    public init(reward: String, reason: String) {
        (self.reward, self.reason, rows) = (reward, reason, [])
    }

    /// A failure on these places of the batch.
    public init(
        reward: String, reason: String, indices: some Sequence<Int>, of inputs: [RewardInput]
    ) {
        self.reward = reward
        self.reason = reason
        rows = indices.map { Row(index: $0, id: inputs[$0].id) }
    }

    /// The reward, what went wrong, and the first rows.
    public var description: String {
        let message = "reward '\(reward)': \(reason)"
        if rows.isEmpty { return message }
        let shown = rows.prefix(8).map(\.description).joined(separator: ", ")
        let more = rows.count > 8 ? " and \(rows.count - 8) more" : ""
        return message + "; rows of the batch without a score: " + shown + more
    }
}
