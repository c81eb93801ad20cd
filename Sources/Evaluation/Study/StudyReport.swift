import FileFormats
import Foundation
import Plots

/// Several methods from one base, beside each other: report.html, report.md and report.json.
public struct StudyReport: Sendable {
    /// The curves of one training.
    public struct Curves: Sendable {
        /// As "C: ppo".
        public let title: String
        public let charts: [LineChart]

        /// A training's charts, the first of which is its loss.
        public init(title: String, charts: [LineChart]) {
            (self.title, self.charts) = (title, charts)
        }
    }

    public var title: String
    /// The base first, then the methods in the study's order.
    public var entries: [StudyEntry]
    public var curves: [Curves]
    /// Prompts with every model's answer; empty hides them, for they hold the records' text.
    public var examples: [Comparison]
    /// Device, versions, files.
    public var environment: [EvaluationReport.Fact]
    /// What to type to get the same.
    public var command: String

    /// A report of models that have been compared.
    public init(
        title: String, entries: [StudyEntry], curves: [Curves] = [], examples: [Comparison] = [],
        environment: [EvaluationReport.Fact] = [], command: String
    ) {
        (self.title, self.entries, self.curves) = (title, entries, curves)
        (self.examples, self.environment, self.command) = (examples, environment, command)
    }

    /// Writes the three files, each whole or not at all; the page last.
    public func write(to folder: URL) throws(FormatError) {
        try ReportFiles.write(
            Document(title: title, command: command, models: entries), markdown: markdown(),
            page: page(), to: folder)
    }

    /// What report.json holds.
    private struct Document: Encodable {
        let title: String
        let command: String
        let models: [StudyEntry]
    }

    /// The page.
    public func page() -> HTMLReport {
        var sections = [
            HTMLReport.Section(
                "Accuracy",
                accuracyCharts.map { .chart($0, caption: $0.summary) }
                    + accuracyTables.map(ReportBlock.table)),
            HTMLReport.Section(
                "Answers",
                answerTables.isEmpty ? [] : answerTables.map(ReportBlock.table) + [Self.note]),
            HTMLReport.Section("Training", [.table(trainingTable)] + curves.map(block)),
            HTMLReport.Section("Side by side", examples.map(ReportBlock.comparison)),
        ]
        sections.append(.again(command, on: environment))
        return HTMLReport(
            title: title, lead: lead, sections: sections.filter { !$0.blocks.isEmpty },
            footer: command)
    }

    /// The tables alone, for a README.
    public func markdown() -> String {
        let tables = accuracyTables + answerTables + [trainingTable]
        let parts = tables.map(\.markdown)
        return (["# \(title)", lead] + parts + ["    \(command)"]).joined(separator: "\n\n") + "\n"
    }

    /// Who has most right, and whether that is more than chance.
    var lead: String {
        let scored = entries.dropFirst().compactMap { entry in
            entry.accuracies.first.map { (entry.name, $0) }
        }
        guard let base = entries.first?.accuracies.first,
            let best = scored.max(by: { $0.1.summary.accuracy < $1.1.summary.accuracy })
        else { return "\(entries.count) models." }
        let p = best.1.againstBase.map { ", \(probability($0.p)) against the base" } ?? ""
        return "On \(base.summary.n) held-out questions of \(base.summary.task), by "
            + "\(base.summary.method.rawValue), the base has \(percent(base.summary.accuracy)) "
            + "right and the best method, \(best.0), \(percent(best.1.summary.accuracy))\(p); "
            + "always giving the most frequent answer has \(percent(base.summary.majority))."
    }

    private func block(_ curves: Curves) -> ReportBlock {
        .details(
            summary: "Curves of \(curves.title)",
            curves.charts.map { .chart($0, caption: $0.title) })
    }

    private static let note = ReportBlock.paragraph(
        "KL is the mean of log pi - log base over the tokens of the model's own greedy answers. "
            + "Refusals are found by a list of patterns, which misses some and takes moralising "
            + "for refusing.")
}
