import CaseBank
import Datasets
import Foundation
import Records

/// Questions with a name and a form of answer: what a model is measured on.
public struct EvaluationTask: Sendable {
    /// Where questions come from.
    public enum Source: Sendable, Hashable {
        /// JSON Lines of `prompt` (text or messages) and `answer`: yes, no or maybe.
        case pubmedqa(URL)
        /// MIRAGE's benchmark.json; all of its sets, or the named one. Groups are the sets.
        case mirage(URL, subset: String?)
        /// JSON Lines, or one JSON list, of `question`, `options`, `answer` and perhaps `id` and
        /// `group`.
        case multipleChoice(URL)
        /// Vignettes generated from the bundled case bank. Groups are the specialties.
        case caseBank(CaseSplit, count: Int, seed: UInt64)
    }

    /// `pubmedqa`, `mirage`, `mirage/bioasq`, `multiple-choice` or `casebank`.
    public let name: String
    /// The questions, in the order of the file.
    public private(set) var items: [EvaluationItem]
    /// What replies are scored as.
    public let frame: AnswerFrame
    /// Tokens that a generated answer of this task may take.
    public let maximumTokens: Int
    /// What is written behind questions about images; nil where questions say it themselves.
    public let template: AnswerTemplate?
    /// SHA-256 of the data file; nil for generated questions.
    public let dataHash: String?
    /// Records that were left out.
    public let problems: [RecordProblem]

    init(_ name: String, _ form: Form, _ questions: Questions) {
        self.name = name
        items = questions.items
        frame = form.frame
        maximumTokens = form.maximumTokens
        template = form.template
        dataHash = questions.sha256
        problems = questions.problems
    }

    /// Reads or generates a task's questions.
    ///
    /// - Parameters:
    ///   - policy: what to do with a file that has unusable records.
    ///   - selection: which of the questions to ask.
    /// - Throws: ``TaskError``; all unusable records of a file are in it, with their lines.
    public static func load(
        _ source: Source,
        policy: SkipPolicy = .stop,
        selection: ItemSelection = .all
    ) throws(TaskError) -> EvaluationTask {
        let task = try source.read(policy)
        let repeated = Dictionary(grouping: task.items, by: \.id).filter { $0.value.count > 1 }
        guard repeated.isEmpty else { throw .repeatedIDs(repeated.keys.sorted()) }
        guard !task.items.isEmpty else { throw .noQuestions(task.name) }
        return task.with(items: selection(task.items))
    }

    /// The questions that have options: what can be asked by likelihood.
    public var withOptions: EvaluationTask { with(items: items.filter { !$0.isOpen }) }

    /// Other questions of the same kind, or some of these.
    func with(items: [EvaluationItem]) -> EvaluationTask {
        var task = self
        task.items = items
        return task
    }

    /// The same questions about other images.
    ///
    /// - Parameter replace: the image to show in the place of each.
    /// - Throws: what `replace` throws.
    func showing<Failure: Error>(
        _ replace: (ImageReference) throws(Failure) -> ImageReference
    ) throws(Failure) -> EvaluationTask {
        var shown: [EvaluationItem] = []
        for item in items {
            var images: [ImageReference] = []
            for image in item.images { images.append(try replace(image)) }
            shown.append(item.with(images: images))
        }
        return with(items: shown)
    }
}

extension EvaluationTask {
    /// What replies look like.
    struct Form {
        let frame: AnswerFrame
        let maximumTokens: Int
        var template: AnswerTemplate?
    }

    /// Questions with what is known about the file they come from.
    struct Questions {
        var items: [EvaluationItem] = []
        var sha256: String?
        var problems: [RecordProblem] = []
    }
}

extension EvaluationTask.Source {
    fileprivate func read(_ policy: SkipPolicy) throws(TaskError) -> EvaluationTask {
        switch self {
        case .pubmedqa(let url):
            let form = EvaluationTask.Form(frame: .tag, maximumTokens: 384)
            return EvaluationTask(
                "pubmedqa",
                form,
                try Self.records(PubMedQARecord.self, url, policy)
            )
        case .multipleChoice(let url):
            let form = EvaluationTask.Form(frame: .letter, maximumTokens: 256)
            return EvaluationTask(
                "multiple-choice",
                form,
                try Self.records(MultipleChoiceRecord.self, url, policy)
            )
        case .mirage(let url, let subset):
            let form = EvaluationTask.Form(frame: .letter, maximumTokens: 256)
            let name = "mirage" + (subset.map { "/\($0)" } ?? "")
            return EvaluationTask(
                name,
                form,
                try MirageFile(url).questions(subset: subset, policy: policy)
            )
        case .caseBank(let split, let count, let seed):
            let form = EvaluationTask.Form(frame: .letterAndText, maximumTokens: 96)
            return EvaluationTask(
                "casebank",
                form,
                try EvaluationTask.Questions(split: split, count: count, seed: seed)
            )
        }
    }

    private static func records<Record: QuestionRecord>(
        _: Record.Type,
        _ url: URL,
        _ policy: SkipPolicy
    ) throws(TaskError) -> EvaluationTask.Questions {
        do {
            let file = try RecordFile<Record>(reading: url, policy: policy)
            return EvaluationTask.Questions(
                items: file.records.map(\.item),
                sha256: file.sha256,
                problems: file.problems
            )
        } catch {
            throw .data(error)
        }
    }
}
