import ArgumentParser
import Evaluation
import Foundation

/// `preceptor probe`
struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer questions about images by a linear classifier on a model's tower.",
        discussion: """
            The honest baseline of a model that sees: logistic regression on the frozen tower's \
            class token and mean patch, one for each question that has options, learnt from \
            --train and asked --data. Writes summary.json and items.jsonl, as evaluate does. \
            Documentation/VisionEvaluation.md.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: "omnimedvqa or vqa-rad.")
    var task: VisionTask.Kind

    @Option(help: "Questions to learn from.")
    var train: String

    @Option(help: "Questions to answer.")
    var data: String

    @OptionGroup var images: RecordImageOptions

    @Option(help: "A column, such as patient, whose questions belong together.")
    var clusterBy: String?

    @Option(help: "The folder for summary.json and items.jsonl.")
    var output: String

    func run() throws {
        let (training, asked) = (try questions(train), try questions(data))
        let items = try LinearProbe(model.load()).answers(asked, training: training)
        let summary = EvaluationSummary(
            task: task.rawValue, method: .likelihood, model: "probe of \(model.model)",
            adapter: model.adapter, seed: 0, items: items)
        let result = EvaluationOutput(summary: summary, items: items)
        try result.write(to: URL(filePath: output))
        Output.print(result.summary.table())
    }

    private func questions(_ file: String) throws -> VisionTask {
        try VisionTask.load(
            task, URL(filePath: file), images: images.origin, clusteredBy: clusterBy)
    }
}
