import Statistics

/// What one evaluation came to: summary.json.
public struct EvaluationSummary: Sendable, Hashable {
    /// The accuracy of a part of the questions.
    public struct Group: Sendable, Hashable, Codable {
        /// Number of questions.
        public let n: Int
        /// The share of right answers.
        public let accuracy: Double
        /// The 95 % bootstrap interval of the accuracy.
        public let interval: Interval
    }

    /// The task's name.
    public let task: String
    /// How answers were found.
    public let method: EvaluationMethod
    /// What was evaluated, as the caller names it.
    public let model: String
    /// The adapter's name; nil without one.
    public let adapter: String?
    /// Of sampling and of the bootstrap.
    public let seed: UInt64
    /// Number of questions.
    public let n: Int
    /// The share of right answers.
    public let accuracy: Double
    /// The 95 % bootstrap interval of the accuracy.
    public let interval: Interval
    /// How many images, or sets of images that questions connect, the intervals resample; nil
    /// where they resample questions.
    public let clusters: Int?
    /// The unweighted mean of the labels' F1. Each open answer is a label of its own.
    public let macroF1: Double
    /// The accuracy of always giving the most frequent right label.
    public let majority: Double
    /// The share of replies without an answer; they count as wrong.
    public let unparsable: Double
    /// How often each label was predicted; open answers are not counted.
    public let predictions: [String: Int]
    /// By the questions' group; empty where they have none.
    public let groups: [String: Group]

    /// Counts and scores the rows of one evaluation.
    public init(
        task: String,
        method: EvaluationMethod,
        model: String,
        adapter: String?,
        seed: UInt64,
        items: [ItemResult]
    ) {
        let scores = Classification(gold: items.map(\.gold), predicted: items.map(\.predicted))
        self.task = task
        self.method = method
        self.model = model
        self.adapter = adapter
        self.seed = seed
        n = items.count
        accuracy = scores.accuracy.value
        let clusters = Clusters.shared(items.map(\.cluster))
        interval = items.map(\.correct).interval(clusters, seed: seed)
        self.clusters = clusters?.count
        macroF1 = scores.macroF1
        majority = scores.majority.accuracy
        unparsable = scores.unparsable.value
        predictions = items.filter { $0.open == nil }.compactMap(\.predicted)
            .reduce(into: [:]) { $0[$1, default: 0] += 1 }
        let named = items.filter { $0.group != nil }
        groups = Dictionary(grouping: named) { $0.group ?? "" }
            .mapValues { Group($0, seed: seed) }
    }
}

extension EvaluationSummary.Group {
    init(_ items: [ItemResult], seed: UInt64) {
        let right = items.map(\.correct)
        n = right.count
        accuracy = Proportion(right).value
        interval = right.interval(Clusters.shared(items.map(\.cluster)), seed: seed)
    }
}

extension [Bool] {
    /// The 95 % bootstrap interval of the share of right answers: of clusters where there are any,
    /// else of questions.
    func interval(_ clusters: Clusters?, seed: UInt64) -> Interval {
        clusters?.shareInterval(self, seed: seed)
            ?? Proportion(self).bootstrapInterval(seed: seed)
    }
}

extension EvaluationSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case task, method, model, adapter, seed, n, accuracy, interval, clusters, majority
        case unparsable, predictions, groups
        case macroF1 = "macro_f1"
    }
}
