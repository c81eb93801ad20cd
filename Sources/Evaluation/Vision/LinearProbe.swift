import Answers
import Generation
import Records
import Statistics

/// What a linear classifier makes of a frozen tower's features: how much of an answer lies open in
/// them. A model that answers worse has not learnt to look.
///
/// One classifier a question (its words and options), on class token and mean patch; its penalty is
/// the one of five that serves best in a five-fold cross-validation of the training questions,
/// whose clusters stay together. Source: Alain and Bengio, arXiv:1610.01644.
public struct LinearProbe {
    private let pipeline: VisionPipeline

    /// - Throws: ``EvaluationError/readsNoImages`` for a model of text.
    public init(_ model: LanguageModel) throws(EvaluationError) {
        guard let pipeline = model.vision else { throw .readsNoImages }
        self.pipeline = pipeline
    }

    /// An answer to each question with options, in their order; one whose words and options stand
    /// in no training question has none.
    ///
    /// - Throws: `ImageFault` when an image cannot be read.
    public func answers(_ task: VisionTask, training: VisionTask) throws -> [ItemResult] {
        let known = Dictionary(grouping: training.questions, by: Kind.init)
        let asked = task.task(.plain).items
        var results = asked.map { ItemResult($0, predicted: nil) }
        let kinds = Dictionary(grouping: task.questions.indices) { Kind(task.questions[$0]) }
        for (kind, places) in kinds where !kind.options.isEmpty {
            guard let examples = known[kind] else { continue }
            let classifier = try classifier(of: examples, kind)
            let rows = try features(places.map { task.questions[$0] })
            for (place, row) in zip(places, rows) {
                let scores = classifier.logProbabilities(row)
                let best = scores.indices.max { (scores[$0], $1) < (scores[$1], $0) }
                results[place] = ItemResult(
                    asked[place], predicted: best.map { kind.options[$0].label },
                    scores: Dictionary(
                        zip(kind.options.map(\.label), scores),
                        uniquingKeysWith: { first, _ in first }))
            }
        }
        return results
    }

    private struct Kind: Hashable {
        let question: String
        let options: [AnswerOption]

        init(_ question: VisionQuestion) {
            (self.question, options) = (question.asked.question, question.asked.options)
        }
    }

    private static let penalties = [0.001, 0.01, 0.1, 1, 10]
    private static let folds = 5

    private func classifier(
        of examples: [VisionQuestion], _ kind: Kind
    ) throws -> LogisticRegression {
        let rows = try features(examples)
        let labels = examples.map { example in
            kind.options.firstIndex { $0.label == example.asked.gold } ?? 0
        }
        let folds = examples.enumerated().map { ($1.cluster ?? $0) % Self.folds }
        func fit(_ places: [Int], _ penalty: Double) -> LogisticRegression {
            LogisticRegression(
                features: places.map { rows[$0] }, labels: places.map { labels[$0] },
                classes: kind.options.count, penalty: penalty)
        }
        func heldOutLikelihood(_ penalty: Double) -> Double {
            (0..<Self.folds).reduce(0) { sum, fold in
                let rest = rows.indices.filter { folds[$0] != fold }
                guard !rest.isEmpty, rest.count < rows.count else { return sum }
                let classifier = fit(rest, penalty)
                return rows.indices.filter { folds[$0] == fold }.reduce(sum) {
                    $0 + classifier.logProbabilities(rows[$1])[labels[$1]]
                }
            }
        }
        let scores = Self.penalties.map { ($0, heldOutLikelihood($0)) }
        let best = scores.max { $0.1 < $1.1 }?.0 ?? 1
        return fit(Array(rows.indices), best)
    }

    /// Of a question with several images, the mean.
    private func features(_ questions: [VisionQuestion]) throws -> [[Double]] {
        var known: [ImageReference: [Float]] = [:]
        let references = Array(Set(questions.flatMap(\.images)))
        for (reference, row) in zip(references, try pipeline.summaries(of: references)) {
            known[reference] = row
        }
        return questions.map { question in
            let rows = question.images.compactMap { known[$0] }
            let width = rows.first?.count ?? 0
            return (0..<width).map { place in
                rows.reduce(0) { $0 + Double($1[place]) } / Double(rows.count)
            }
        }
    }
}
