import FileFormats
import Foundation
import Plots

/// Models trained on one part each, measured on all: report.html, report.md, report.json and a .svg
/// for each heatmap.
public struct MatrixReport: Sendable {
    public var title: String
    /// One for each method, in the study's order.
    public var matrices: [TransferMatrix]
    /// The first method less the second; nil for a single one.
    public var difference: MatrixDifference?
    /// Device, versions, files.
    public var environment: [EvaluationReport.Fact]
    /// What to type to get the same.
    public var command: String

    public init(
        title: String, matrices: [TransferMatrix], difference: MatrixDifference?,
        environment: [EvaluationReport.Fact] = [], command: String
    ) {
        (self.title, self.matrices, self.difference) = (title, matrices, difference)
        (self.environment, self.command) = (environment, command)
    }

    /// Writes all files, each whole or not at all; the page last.
    public func write(to folder: URL) throws(FormatError) {
        let document = Document(
            title: title, command: command, matrices: matrices, difference: difference)
        try ReportFiles.write(
            document, markdown: markdown(), page: page(), heatmaps: heatmaps, to: folder)
    }

    /// What report.json holds.
    private struct Document: Encodable {
        let title: String
        let command: String
        let matrices: [TransferMatrix]
        let difference: MatrixDifference?
    }

    /// The tables alone.
    public func markdown() -> String {
        let tables =
            [meansTable] + matrices.flatMap { [accuracyTable($0), controlTable($0)] }
            + (difference.map { [differenceTable($0)] } ?? [])
        return (["# \(title)", lead] + tables.map(\.markdown) + ["    \(command)"])
            .joined(separator: "\n\n") + "\n"
    }

    /// The page.
    public func page() -> HTMLReport {
        let sections = [
            HTMLReport.Section(
                "Matrices", heatmaps.map { .chart($0.chart, caption: $0.chart.summary) }),
            HTMLReport.Section("Means", [.table(meansTable)]),
            HTMLReport.Section(
                "All numbers",
                matrices.flatMap {
                    [ReportBlock.table(accuracyTable($0)), .table(controlTable($0))]
                } + (difference.map { [.table(differenceTable($0))] } ?? [])),
            .again(command, on: environment),
        ]
        return HTMLReport(title: title, lead: lead, sections: sections, footer: command)
    }

    private var lead: String {
        guard let matrix = matrices.first else { return "" }
        let means = matrix.means
        let parts = [
            means.untrained.map { "\(percent($0)) before training" },
            means.own.map { "\(percent($0)) on what it was trained on" },
            means.other.map { "\(percent($0)) on the others" },
        ]
        return "\(matrix.name), mean accuracy over \(matrix.columns.count) parts: "
            + parts.compactMap { $0 }.joined(separator: ", ") + "."
    }
}
