import Statistics

/// Two accuracies over the same questions, and their difference.
public struct PairedScore: Sendable, Hashable, Codable {
    /// An accuracy with its 95 % bootstrap interval.
    public struct Accuracy: Sendable, Hashable, Codable {
        /// The share of right answers.
        public let accuracy: Double
        /// The interval of `accuracy`.
        public let interval: Interval

        init(_ outcomes: [Bool], _ clusters: Clusters?, seed: UInt64) {
            accuracy = Proportion(outcomes).value
            interval = outcomes.interval(clusters, seed: seed)
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
    /// The 95 % bootstrap interval of the difference; questions are resampled in pairs, and where
    /// they share images the images.
    public let interval: Interval
    /// How many images, or sets of images that questions connect, are resampled; nil where
    /// questions are.
    public let clusters: Int?
    /// How many questions both, one or none of them has right.
    public let outcomes: PairedOutcomes
    /// McNemar's exact p, two-sided; takes questions as independent.
    public let p: Double

    init(_ pairs: [AnswerPair], seed: UInt64) {
        outcomes = PairedOutcomes(first: pairs.map(\.first), second: pairs.map(\.second))
        n = outcomes.count
        let clusters = Clusters.shared(pairs.map(\.cluster))
        let (one, other) = (pairs.map(\.first), pairs.map(\.second))
        first = Accuracy(one, clusters, seed: seed)
        second = Accuracy(other, clusters, seed: seed)
        difference = outcomes.difference
        interval =
            clusters?.differenceInterval(first: one, second: other, seed: seed)
            ?? outcomes.bootstrapInterval(seed: seed)
        self.clusters = clusters?.count
        p = McNemar(outcomes).exactP
    }

    private enum CodingKeys: String, CodingKey {
        case n, first, second, difference, interval, clusters, outcomes
        case p = "mcnemar_p"
    }
}
