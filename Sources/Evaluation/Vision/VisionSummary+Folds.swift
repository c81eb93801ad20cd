import FileFormats
import Foundation

/// One fold of a cross-validation, as one model answered it.
public struct AnsweredFold: Sendable {
    public let task: VisionTask
    /// What the controls without a model learnt from.
    public let training: TextTraining
    public let results: TemplateResults

    /// - Precondition: the results are those of the task's questions, in their order.
    public init(task: VisionTask, training: TextTraining, results: TemplateResults) {
        precondition(task.questions.count == results.items.count, "another number of questions")
        (self.task, self.training, self.results) = (task, training, results)
    }
}

extension VisionSummary {
    /// All folds' answers together: each question was answered by a model that had not seen it.
    ///
    /// - Precondition: one fold at least, all of one template; conditions that were not asked of
    ///   every fold are missing.
    public init(
        pooling folds: [AnsweredFold], model: String, adapter: String?, settings: VisionSettings
    ) {
        var (questions, next): ([VisionQuestion], Int) = ([], 0)
        for fold in folds {
            let first = next
            for question in fold.task.questions {
                questions.append(question.with(cluster: question.cluster.map { first + $0 }))
                next = max(next, first + (question.cluster ?? -1) + 1)
            }
        }
        var controls: [ImageCondition: [ItemResult]] = [:]
        for condition in ImageCondition.allCases {
            let parts = folds.compactMap { $0.results.controls[condition] }
            if parts.count == folds.count { controls[condition] = parts.flatMap(\.self) }
        }
        let results = TemplateResults(
            template: folds[0].results.template, items: folds.flatMap(\.results.items),
            controls: controls)
        let hashes = folds.map(\.task.dataHash).joined(separator: " ")
        self.init(
            task: VisionTask(kind: folds[0].task.kind, questions: questions, dataHash: hashes),
            model: model, adapter: adapter, settings: settings, results: [results],
            controls: TextControls(
                joining: folds.map { TextControls($0.task.questions.map(\.asked), $0.training) }),
            unasked: 0)
    }
}

extension TemplateResults {
    /// What an evaluation left in its folder: the image's answers, and those of each condition that
    /// was asked.
    ///
    /// - Throws: `FormatError` where a file is missing or damaged.
    public init(
        reading folder: URL, _ template: AnswerTemplate, showsControls: Bool
    ) throws(FormatError) {
        func items(_ condition: ImageCondition) throws(FormatError) -> [ItemResult] {
            let place = folder.appending(path: "\(template.rawValue)/\(condition.rawValue)")
            return try EvaluationOutput(reading: place).items
        }
        var controls: [ImageCondition: [ItemResult]] = [:]
        for condition in ImageCondition.allCases.dropFirst() where showsControls {
            let place = folder.appending(path: "\(template.rawValue)/\(condition.rawValue)")
            // Of a single image none can be shown in another's place.
            guard FileManager.default.fileExists(atPath: place.path) else { continue }
            controls[condition] = try items(condition)
        }
        self.init(template: template, items: try items(.image), controls: controls)
    }
}
