import FileFormats
import Foundation
import Plots
import Statistics

/// A cross-validation: every model's answers to all folds together, beside the controls and a
/// linear probe. report.html, report.md, report.json and a .svg for each heatmap.
public struct FoldReport: Sendable {
    /// What one model came to over all folds.
    public struct Subject: Sendable, Hashable, Codable {
        /// `base`, a method, or `probe`.
        public let name: String
        public let summary: VisionSummary

        public init(name: String, summary: VisionSummary) {
            (self.name, self.summary) = (name, summary)
        }
    }

    public var title: String
    public var folds: Int
    /// The model before training first.
    public var subjects: [Subject]
    /// Device, versions, files.
    public var environment: [EvaluationReport.Fact]
    /// What to type to get the same.
    public var command: String

    public init(
        title: String, folds: Int, subjects: [Subject], environment: [EvaluationReport.Fact] = [],
        command: String
    ) {
        (self.title, self.folds, self.subjects) = (title, folds, subjects)
        (self.environment, self.command) = (environment, command)
    }

    /// Writes all files, each whole or not at all; the page last.
    public func write(to folder: URL) throws(FormatError) {
        let document = Document(title: title, command: command, folds: folds, subjects: subjects)
        try ReportFiles.write(
            document, markdown: markdown(), page: page(), heatmaps: heatmaps, to: folder)
    }

    /// What report.json holds.
    private struct Document: Encodable {
        let title: String
        let command: String
        let folds: Int
        let subjects: [Subject]
    }

    /// The tables alone.
    public func markdown() -> String {
        (["# \(title)", lead] + tables.map(\.markdown) + notes
            + ["    \(command)"])
            .joined(separator: "\n\n") + "\n"
    }

    /// The page.
    public func page() -> HTMLReport {
        let sections = [
            HTMLReport.Section(
                "Numbers", tables.map(ReportBlock.table) + notes.map(ReportBlock.paragraph)),
            HTMLReport.Section(
                "Heatmaps", heatmaps.map { .chart($0.chart, caption: $0.chart.summary) }),
            .again(command, on: environment),
        ]
        return HTMLReport(title: title, lead: lead, sections: sections, footer: command)
    }

    private var lead: String {
        let count = subjects.first?.summary.n ?? 0
        return "\(count) questions, each answered by models that were trained on the other "
            + "\(folds - 1) of \(folds) folds."
    }

    private var notes: [String] { subjects.first?.summary.notes ?? [] }

    /// Of each model all questions, and the first of their breakdowns if it has several parts; the
    /// others stand in report.json and in the heatmaps.
    private var rows: [(subject: String, name: String, row: VisionSummary.Row)] {
        subjects.flatMap { subject in
            let rows = subject.summary.templates.first?.rows ?? []
            let kinds = rows.first { !$0.facets.isEmpty }.map { Set($0.facets.keys) }
            let parts = rows.filter { Set($0.facets.keys) == kinds }
            return (rows.filter(\.facets.isEmpty) + (parts.count > 1 ? parts : [])).map { row in
                (subject.name, row.name(subject.summary.breakdown(of: row)), row)
            }
        }
    }

    /// Rows of one part of the questions beside each other.
    private var byQuestions: [(subject: String, name: String, row: VisionSummary.Row)] {
        let names = rows.map(\.name)
        let order = names.enumerated().reduce(into: [String: Int]()) { order, name in
            order[name.element] = order[name.element] ?? name.offset
        }
        return rows.enumerated().sorted {
            (order[$0.element.name] ?? 0, $0.offset) < (order[$1.element.name] ?? 0, $1.offset)
        }.map(\.element)
    }

    private var tables: [ReportTable] { [accuracyTable] + [optionTable].compactMap(\.self) }

    private var accuracyTable: ReportTable {
        ReportTable(
            caption: "Accuracy, \(folds)-fold cross-validation, beside the controls",
            columns: [
                .text("questions"), .text("model"), .number("n"), .number("accuracy (95 %)"),
                .number("majority"), .number("prior"), .number("blank"), .number("shuffled"),
                .number("visual gain (95 %)"),
            ],
            rows: byQuestions.map { subject, name, row in
                [
                    name, subject, "\(row.n)",
                    "\(percent(row.accuracy.value)) (\(percentRange(row.accuracy.interval)))",
                ]
                    + ["majority", "prior", "blank", "shuffled"].map {
                        row.control($0).map(percent) ?? VisionSummary.none
                    }
                    + [
                        row.visualGain.map {
                            "\(points($0.value)) (\(pointRange($0.interval)))"
                        } ?? VisionSummary.none
                    ]
            })
    }

    /// Nil where no options were scored.
    private var optionTable: ReportTable? {
        let scored = byQuestions.compactMap { subject, name, row in
            row.options.map { options -> [String] in
                [
                    name, subject, "\(options.n)",
                    Self.share(options.balancedAccuracy, options.balancedInterval, percent),
                    options.area.map { area in
                        Self.share(area, options.areaInterval) { decimal($0, 3) }
                    } ?? VisionSummary.none,
                    decimal(options.calibrationError, 3), decimal(options.brier, 3),
                ]
            }
        }
        guard !scored.isEmpty else { return nil }
        return ReportTable(
            caption: "What the options' likelihoods are worth",
            columns: [
                .text("questions"), .text("model"), .number("n"),
                .number("balanced accuracy (95 %)"), .number("AUC (95 %)"),
                .number("calibration error"), .number("Brier"),
            ], rows: scored)
    }

    private static func share(
        _ value: Double, _ interval: Interval?, _ text: (Double) -> String
    ) -> String {
        guard let interval else { return text(value) }
        return "\(text(value)) (\(text(interval.lower)) to \(text(interval.upper)))"
    }

    /// Those of every model but the probe, whose answers have no condition.
    public var heatmaps: [(name: String, chart: Heatmap)] {
        subjects.flatMap { subject in
            subject.summary.heatmaps.map { name, chart in
                var chart = chart
                chart.title = "\(subject.name): \(chart.title)"
                return ("\(subject.name)-\(name)", chart)
            }
        }
    }
}
