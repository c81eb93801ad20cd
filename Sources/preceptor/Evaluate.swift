import ArgumentParser
import CaseBank
import Datasets
import Evaluation
import Foundation
import Generation

/// `preceptor evaluate`
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on questions with known answers.",
        discussion: """
            Tasks: pubmedqa (JSON Lines of prompt and answer yes, no or maybe), mirage \
            (benchmark.json; --subset names a set), multiple-choice (JSON Lines of question, \
            options, answer), casebank (generated; needs no data), omnimedvqa (Med-R1's splits: \
            image, problem, solution) and vqa-rad. Writes summary.json and items.jsonl into the \
            output folder; of the last two also vision.json and report.html, where every accuracy \
            stands beside its controls: see Documentation/VisionEvaluation.md.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: "pubmedqa, mirage, multiple-choice, casebank, omnimedvqa or vqa-rad.")
    var task: TaskName

    @Option(help: "The task's data file.")
    var data: String?

    @Option(help: "One set of a file that has several, for instance medmcqa.")
    var subset: String?

    @Option(
        help: """
            likelihood scores the options; generation parses the model's own answer. Left out: \
            generation for tasks with images, else likelihood.
            """)
    var method: EvaluationMethod?

    @Option(help: "Ask only this many questions, chosen by --seed.")
    var limit: Int?

    @Option(help: "Questions that casebank generates.")
    var count = 200

    @Option(help: "Split that casebank generates: train, validation or test.")
    var split = CaseSplit.test

    @Option(help: "Longest generated answer in tokens; the task's own limit when left out.")
    var maxTokens: Int?

    @Option(help: "Seed of the questions' choice and of the bootstrap.")
    var seed: UInt64 = 0

    @Option(help: "The folder for summary.json and items.jsonl.")
    var output: String

    @OptionGroup var vision: VisionOptions

    func validate() throws {
        if task.vision == nil, !vision.isEmpty {
            throw ValidationError("--task \(task.rawValue) has no images")
        }
        if vision.batch != nil, data != nil {
            throw ValidationError("--batch and --data: one of them")
        }
        if task != .casebank, data == nil, vision.batch == nil {
            throw ValidationError("--data is missing")
        }
        try NumberRange.require(vision.overlays, "--overlays", 0...)
        try NumberRange.require(limit, "--limit", 1...)
        try NumberRange.require(maxTokens, "--max-tokens", 1...)
        try NumberRange.require(count, "--count", 1..., most: Cases.most)
    }

    func run() throws {
        switch work {
        case .text(let source): try run(source)
        case .vision(let kind): try run(kind)
        }
    }

    private func run(_ source: EvaluationTask.Source) throws {
        let task = try EvaluationTask.load(source, selection: selection)
        let model = try model.load()
        if model.vision != nil, let few = ImageShare(task.items.map { !$0.images.isEmpty }).note {
            Output.note(few)
        }
        let result = try Measuring.measure(
            model, task, method ?? .likelihood, maxTokens: maxTokens,
            names: (self.model.model, self.model.adapter),
            seed: seed)
        try result.write(to: URL(filePath: output))
        Output.print(result.summary.table())
    }

    private func run(_ kind: VisionTask.Kind) throws {
        let settings = VisionSettings(
            templates: try vision.chosenTemplates(kind), method: method ?? .generation,
            systemPrompt: vision.system, maximumTokens: maxTokens,
            showsControls: !vision.noControls, seed: seed)
        let loaded = try model.load()
        let run = VisionRun(
            model: loaded, names: (model.model, model.adapter), kind: kind, settings: settings,
            selection: selection, options: vision, identity: try model.identity(of: loaded),
            maxPixels: model.maxPixels)
        let folder = URL(filePath: output)
        if let batch = vision.batch {
            let summary = try run.batch(SplitList(batch, train: vision.train), into: folder)
            Output.print(summary.table())
            if summary.failures > 0 { throw ExitCode.failure }
            return
        }
        let file = URL(filePath: data ?? "")
        let summary = try run.evaluate(
            run.task(file), of: file, train: vision.train.map { URL(filePath: $0) }, into: folder)
        Output.print(summary.table())
        Output.print("report: \(folder.appending(path: "report.html").relativePath)")
    }

    private var selection: ItemSelection {
        limit.map { .random($0, seed: seed) } ?? .all
    }

    private enum Work {
        case text(EvaluationTask.Source)
        case vision(VisionTask.Kind)
    }

    private var work: Work {
        let file = URL(filePath: data ?? "")
        return switch task {
        case .pubmedqa: .text(.pubmedqa(file))
        case .mirage: .text(.mirage(file, subset: subset))
        case .multipleChoice: .text(.multipleChoice(file))
        case .casebank: .text(.caseBank(split, count: count, seed: seed))
        case .omnimedvqa: .vision(.omnimedvqa)
        case .vqaRAD: .vision(.vqaRAD)
        }
    }
}

/// The tasks by their names on the command line.
enum TaskName: String, ExpressibleByArgument, CaseIterable, Sendable {
    case pubmedqa, mirage, casebank, omnimedvqa
    case multipleChoice = "multiple-choice"
    case vqaRAD = "vqa-rad"

    /// Nil for a task without images.
    var vision: VisionTask.Kind? { VisionTask.Kind(rawValue: rawValue) }
}

extension EvaluationMethod: ExpressibleByArgument {}
extension CaseSplit: ExpressibleByArgument {}
