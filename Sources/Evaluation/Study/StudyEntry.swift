import Statistics

/// One model of a study with everything that was measured of it.
public struct StudyEntry: Codable, Sendable {
    /// One training of a model; a reward model and the policy that learns from it are two.
    public struct Training: Codable, Sendable, Hashable {
        /// The subcommand.
        public let method: String
        /// Wall time of all its attempts together, in seconds, start and loading included.
        public let seconds: Double
        /// The most memory that one of its processes held.
        public let peakMemoryBytes: Int
        public let trainableParameters: Int
        /// Optimizer steps.
        public let steps: Int

        enum CodingKeys: String, CodingKey {
            case method, seconds, steps
            case peakMemoryBytes = "peak_memory_bytes"
            case trainableParameters = "trainable_parameters"
        }

        /// A training that has come to its end.
        public init(
            method: String, seconds: Double, peakMemoryBytes: Int, trainableParameters: Int,
            steps: Int
        ) {
            (self.method, self.seconds, self.steps) = (method, seconds, steps)
            (self.peakMemoryBytes, self.trainableParameters) = (
                peakMemoryBytes, trainableParameters
            )
        }
    }

    /// Accuracy on the task's questions by one way of answering.
    public struct Accuracy: Codable, Sendable, Hashable {
        public let summary: EvaluationSummary
        /// McNemar's exact test against the base, and against the study's first method; nil for
        /// these themselves.
        public let againstBase: PairedScore?
        public let againstFirst: PairedScore?

        enum CodingKeys: String, CodingKey {
            case summary
            case againstBase = "against_base"
            case againstFirst = "against_first"
        }
    }

    public let name: String
    /// In the order they ran; none for the base.
    public let trainings: [Training]
    /// One for each way of answering that the study asks for.
    public let accuracies: [Accuracy]
    /// Of the held-out prompts; nil where the study has none.
    public let answers: AnswerSummary?
    /// Of the prompts that ought to be declined; nil where the study has none.
    public let safety: AnswerSummary?
    /// Of the held-out answers against the base's; nil for the base or without a reward model.
    public let winRate: WinRate?

    enum CodingKeys: String, CodingKey {
        case name, trainings, accuracies, answers, safety
        case winRate = "win_rate"
    }
}

/// What the folders of one model hold, before it is compared with others.
public struct StudySubject: Sendable {
    public let name: String
    public let trainings: [StudyEntry.Training]
    public let evaluations: [EvaluationOutput]
    public let answers: AnswerOutput?
    public let safety: AnswerOutput?

    /// A model's measurements.
    public init(
        name: String, trainings: [StudyEntry.Training], evaluations: [EvaluationOutput],
        answers: AnswerOutput? = nil, safety: AnswerOutput? = nil
    ) {
        (self.name, self.trainings, self.evaluations) = (name, trainings, evaluations)
        (self.answers, self.safety) = (answers, safety)
    }
}

extension StudyEntry {
    /// Compares all models with the first of the list, the base, and the second, the first method.
    ///
    /// - Throws: ``ComparisonError`` when two did not answer the same questions.
    public static func entries(
        of subjects: [StudySubject]
    ) throws(ComparisonError) -> [StudyEntry] {
        var entries: [StudyEntry] = []
        for (place, subject) in subjects.enumerated() {
            var accuracies: [Accuracy] = []
            for (kind, evaluation) in subject.evaluations.enumerated() {
                func score(against other: Int) throws(ComparisonError) -> PairedScore? {
                    guard place > other else { return nil }
                    let rival = subjects[other]
                    return try PairedComparison(
                        rival.evaluations[kind], evaluation, names: (rival.name, subject.name)
                    ).overall
                }
                accuracies.append(
                    Accuracy(
                        summary: evaluation.summary, againstBase: try score(against: 0),
                        againstFirst: try score(against: 1)))
            }
            let base = subjects.first?.answers?.rows ?? []
            entries.append(
                StudyEntry(
                    name: subject.name, trainings: subject.trainings, accuracies: accuracies,
                    answers: subject.answers?.summary, safety: subject.safety?.summary,
                    winRate: place == 0
                        ? nil : subject.answers.flatMap { WinRate(of: $0.rows, against: base) }))
        }
        return entries
    }
}
