import FileFormats
import Foundation
import Plots

/// A page about one fine-tuning: what it did to the answers, how it was done, and how to do it
/// again.
public struct EvaluationReport: Sendable {
    /// One way of measuring, before and after.
    public struct Measurement: Sendable {
        /// What is measured, as "Answers by likelihood".
        public let title: String
        /// Of the model as it was.
        public let before: EvaluationOutput
        /// Of the model as it became.
        public let after: EvaluationOutput
        /// The two of them compared.
        public let comparison: PairedComparison

        /// - Throws: ``ComparisonError`` when they did not answer the same questions.
        public init(
            title: String,
            before: EvaluationOutput,
            after: EvaluationOutput
        ) throws(ComparisonError) {
            self.title = title
            self.before = before
            self.after = after
            comparison = try PairedComparison(before, after, names: ("before", "after"))
        }
    }

    /// A fact and its value, as "training records" and "400".
    public typealias Fact = (name: String, value: String)

    /// The page's heading.
    public var title: String
    /// The first one is the headline.
    public var measurements: [Measurement]
    /// The questions that were asked, for the answers side by side.
    public var questions: [EvaluationItem]
    /// How many questions are shown with their answers: the first ones, not chosen ones.
    public var examples: Int
    /// The losses of the training; nil leaves the section out.
    public var lossChart: LineChart?
    /// What was trained on what and how.
    public var training: [Fact]
    /// Model, hashes, seeds, versions, machine.
    public var environment: [Fact]
    /// What to type to get the same.
    public var command: String

    /// A page with what is known; a section without content is left out.
    public init(
        title: String,
        measurements: [Measurement],
        questions: [EvaluationItem],
        examples: Int = 8,
        lossChart: LineChart? = nil,
        training: [Fact] = [],
        environment: [Fact] = [],
        command: String
    ) {
        self.title = title
        self.measurements = measurements
        self.questions = questions
        self.examples = examples
        self.lossChart = lossChart
        self.training = training
        self.environment = environment
        self.command = command
    }

    /// The page.
    public func page() -> HTMLReport {
        var sections = measurements.map(result)
        sections += [answers, trainingSection, reproduction].filter { !$0.blocks.isEmpty }
        return HTMLReport(
            title: title,
            lead: measurements.first?.comparison.sentence ?? "",
            sections: sections,
            footer: command
        )
    }

    /// Writes the page, whole or not at all.
    public func write(to url: URL) throws(FormatError) {
        try AtomicFile.write(page().html(), to: url)
    }
}

extension EvaluationReport {
    private var trainingSection: HTMLReport.Section {
        var blocks: [ReportBlock] = []
        if let lossChart {
            blocks.append(.chart(lossChart, caption: "Loss over the optimizer steps."))
        }
        if !training.isEmpty { blocks.append(Self.table("How it was trained", training)) }
        return HTMLReport.Section("Training", blocks)
    }

    private var reproduction: HTMLReport.Section {
        var blocks: [ReportBlock] = [.code(command)]
        if !environment.isEmpty { blocks.append(Self.table("What it ran on", environment)) }
        return HTMLReport.Section("Do it again", blocks)
    }

    private static func table(_ caption: String, _ facts: [Fact]) -> ReportBlock {
        .table(
            ReportTable(
                caption: caption,
                columns: [.text("what"), .text("value")],
                rows: facts.map { [$0.name, $0.value] }
            )
        )
    }
}
