import ArgumentParser
import CaseBank
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
            options, answer), casebank (generated; needs no data). Writes summary.json and \
            items.jsonl into the output folder.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: "pubmedqa, mirage, multiple-choice or casebank.")
    var task: TaskName

    @Option(help: "The task's data file.")
    var data: String?

    @Option(help: "One set of a file that has several, for instance medmcqa.")
    var subset: String?

    @Option(help: "likelihood scores the options; generation parses the model's own answer.")
    var method = EvaluationMethod.likelihood

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

    func validate() throws {
        if task != .casebank, data == nil { throw ValidationError("--data is missing") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        if count < 1 { throw ValidationError("--count must be 1 or more") }
    }

    func run() throws {
        let task = try EvaluationTask.load(source(), selection: selection)
        let model = try model.load()
        let result = try Measuring.measure(
            model, task, method, maxTokens: maxTokens,
            names: (self.model.model, self.model.adapter),
            seed: seed)
        try result.write(to: URL(filePath: output))
        Output.print(result.summary.table())
    }

    private var selection: ItemSelection {
        limit.map { .random($0, seed: seed) } ?? .all
    }

    private func source() -> EvaluationTask.Source {
        let file = URL(filePath: data ?? "")
        return switch task {
        case .pubmedqa: .pubmedqa(file)
        case .mirage: .mirage(file, subset: subset)
        case .multipleChoice: .multipleChoice(file)
        case .casebank: .caseBank(split, count: count, seed: seed)
        }
    }
}

/// The tasks by their names on the command line.
enum TaskName: String, ExpressibleByArgument, CaseIterable {
    case pubmedqa, mirage, casebank
    case multipleChoice = "multiple-choice"
}

extension EvaluationMethod: ExpressibleByArgument {}
extension CaseSplit: ExpressibleByArgument {}
