import FileFormats
import Foundation
import Records

/// Asks a model questions about images, and again with blank and with shuffled images.
///
/// Every part, one template under one condition, has a folder of its own below `folder` with its
/// summary.json, items.jsonl and, written last, done.json. A part that is done with the same
/// settings, questions and model is read, not asked again.
public struct VisionEvaluation {
    public let task: VisionTask
    public let settings: VisionSettings
    public let folder: URL
    /// What else decides the answers: model, adapter, weights.
    public let identity: [String]
    private let names: (model: String, adapter: String?)
    /// Open questions, which cannot be asked by likelihood.
    private let unasked: Int

    /// - Parameters:
    ///   - identity: hashes or names of all that decides the answers besides task and settings.
    ///   - names: what to call model and adapter.
    public init(
        _ task: VisionTask, settings: VisionSettings, folder: URL, identity: [String],
        names: (model: String, adapter: String?)
    ) {
        let kept = task.questions.filter { settings.method == .generation || !$0.asked.isOpen }
        unasked = task.questions.count - kept.count
        self.task = VisionTask(
            kind: task.kind, questions: kept, dataHash: task.dataHash,
            imagesHash: task.imagesHash, problems: task.problems)
        (self.settings, self.folder) = (settings, folder)
        (self.identity, self.names) = (identity, names)
    }

    /// Asks what has not been asked yet and sums up.
    ///
    /// - Parameters:
    ///   - training: what the controls without a model learn from.
    ///   - answer: answers a task by the settings' method.
    /// - Throws: what `answer` throws, or `FormatError` where files cannot be read or written.
    public func run(
        training: TextTraining?, answer: (EvaluationTask) throws -> [ItemResult]
    ) throws -> (summary: VisionSummary, results: [TemplateResults]) {
        guard !task.questions.isEmpty else { throw TaskError.noQuestions(task.kind.rawValue) }
        var results: [TemplateResults] = []
        for template in settings.templates {
            let asked = task.task(template, system: settings.systemPrompt)
            let items = try part(asked, template, .image) { asked in try answer(asked) }
            var controls: [ImageCondition: [ItemResult]] = [:]
            for condition in ImageCondition.allCases.dropFirst() where settings.showsControls {
                controls[condition] = try control(asked, template, condition, answer)
            }
            results.append(TemplateResults(template: template, items: items, controls: controls))
        }
        let summary = VisionSummary(
            task: task, model: names.model, adapter: names.adapter, settings: settings,
            results: results, training: training, unasked: unasked)
        return (summary, results)
    }

    /// Nil where the condition cannot be made of these images.
    private func control(
        _ task: EvaluationTask, _ template: AnswerTemplate, _ condition: ImageCondition,
        _ answer: (EvaluationTask) throws -> [ItemResult]
    ) throws -> [ItemResult]? {
        let images = task.items.flatMap(\.images)
        if condition == .blank {
            return try part(task, template, condition) { task in
                let made = try MadeImages(folder.appending(path: "blank"))
                defer { try? FileManager.default.removeItem(at: made.folder) }
                return try answer(task.showing { try made.blank(like: $0) })
            }
        }
        guard let shuffled = try ImageDerangement(files: images, seed: settings.seed) else {
            return nil
        }
        return try part(task, template, condition) { task in
            try answer(task.showing { shuffled($0) })
        }
    }

    private func part(
        _ task: EvaluationTask, _ template: AnswerTemplate, _ condition: ImageCondition,
        _ answer: (EvaluationTask) throws -> [ItemResult]
    ) throws -> [ItemResult] {
        let place = folder.appending(path: "\(template.rawValue)/\(condition.rawValue)")
        let marker = DoneMarker(
            folder: place, identity: try hash(template, condition, task.items))
        if marker.isDone, let output = try? EvaluationOutput(reading: place),
            output.items.map(\.id) == task.items.map(\.id)
        {
            return output.items
        }
        let items = try answer(task)
        let summary = EvaluationSummary(
            task: task.name, method: settings.method, model: names.model, adapter: names.adapter,
            seed: settings.seed, items: items)
        try marker.clear()
        try EvaluationOutput(summary: summary, items: items).write(to: place)
        try marker.set()
        return items
    }

    private func hash(
        _ template: AnswerTemplate, _ condition: ImageCondition, _ items: [EvaluationItem]
    ) throws -> String {
        let tokens = settings.maximumTokens.map(String.init) ?? ""
        let words = [
            task.kind.rawValue, task.dataHash, task.imagesHash ?? "", template.rawValue,
            condition.rawValue,
            settings.method.rawValue, tokens, settings.systemPrompt ?? "", "\(settings.seed)",
        ]
        return try DoneMarker.hash(words + identity + items.map(\.id))
    }
}

/// Says that a folder is complete, and what decided its contents.
public struct DoneMarker {
    private let file: URL
    private let identity: String

    private struct Contents: Codable {
        let identity: String
    }

    /// - Parameter identity: a hash of everything that decides the contents.
    public init(folder: URL, identity: String) {
        file = folder.appending(path: "done.json")
        self.identity = identity
    }

    /// Whether the folder was completed with this identity.
    public var isDone: Bool {
        guard let data = FileManager.default.contents(atPath: file.path) else { return false }
        return (try? JSONDecoder().decode(Contents.self, from: data))?.identity == identity
    }

    /// Before the contents change.
    public func clear() throws(FormatError) {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        do {
            try FileManager.default.removeItem(at: file)
        } catch {
            throw FormatError(file: file.path, reason: error.localizedDescription)
        }
    }

    /// After the contents are whole.
    public func set() throws(FormatError) {
        try writeJSON(Contents(identity: identity), to: file)
    }

    /// A hash of words in their order.
    public static func hash(_ words: [String]) throws -> String {
        try JSONEncoder().encode(words).withUnsafeBytes { Checksums.sha256(of: $0) }
    }
}
