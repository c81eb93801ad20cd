import Statistics

/// How often a reward model prefers one model's answers to another's, to the same prompts.
public struct WinRate: Codable, Sendable, Hashable {
    /// Prompts that both answered and the reward model scored.
    public let n: Int
    /// The share of prompts whose answer scores higher; equal scores count half.
    public let value: Double
    /// The 95 % normal interval of the mean, within [0, 1].
    public let interval: Interval

    /// Pairs answers by their prompts' ids; nil where no pair has scores.
    public init?(of rows: [AnswerRow], against others: [AnswerRow]) {
        let rewards = Dictionary(
            others.compactMap { row in row.reward.map { (row.id, $0) } }
        ) { first, _ in first }
        let wins = rows.compactMap { row -> Double? in
            guard let own = row.reward, let other = rewards[row.id] else { return nil }
            return own > other ? 1 : own < other ? 0 : 0.5
        }
        guard let mean = MeanEstimate(wins) else { return nil }
        (n, value) = (mean.count, mean.mean)
        let half = 1.959_963_984_540_054 * mean.standardError
        interval = Interval(lower: max(0, value - half), upper: min(1, value + half))
    }
}
