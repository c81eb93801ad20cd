import Statistics

/// Two accuracies over the same questions, and their difference.
public struct PairedScore: Sendable, Hashable, Codable {
    /// An accuracy with its 95 % bootstrap interval.
    public struct Accuracy: Sendable, Hashable, Codable {
        /// The share of right answers.
        public let accuracy: Double
        /// The interval of `accuracy`.
        public let interval: Interval

        init(_ outcomes: [Bool], seed: UInt64) {
            let share = Proportion(outcomes)
            accuracy = share.value
            interval = share.bootstrapInterval(seed: seed)
        }
    }

    /// Number of questions.
    public let n: Int
    /// The first system's accuracy.
    public let first: Accuracy
    /// The second system's accuracy.
    public let second: Accuracy
    /// Accuracy of the second less accuracy of the first.
    public let difference: Double
    /// The 95 % bootstrap interval of the difference; questions are resampled in pairs.
    public let interval: Interval
    /// How many questions both, one or none of them has right.
    public let outcomes: PairedOutcomes
    /// McNemar's exact p, two-sided.
    public let p: Double

    init(_ pairs: [AnswerPair], seed: UInt64) {
        outcomes = PairedOutcomes(first: pairs.map(\.first), second: pairs.map(\.second))
        n = outcomes.count
        first = Accuracy(pairs.map(\.first), seed: seed)
        second = Accuracy(pairs.map(\.second), seed: seed)
        difference = outcomes.difference
        interval = outcomes.bootstrapInterval(seed: seed)
        p = McNemar(outcomes).exactP
    }

    private enum CodingKeys: String, CodingKey {
        case n, first, second, difference, interval, outcomes
        case p = "mcnemar_p"
    }
}
