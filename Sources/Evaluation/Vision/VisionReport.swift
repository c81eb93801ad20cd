import FileFormats
import Foundation
import Plots

/// A page and files about one evaluation of image questions.
public struct VisionReport: Sendable {
    /// Where the model looked at one question.
    public struct View: Sendable {
        /// The question's id.
        public let id: String
        public let question: String
        public let expected: String
        public let answer: String
        /// PNG.
        public let saliency: [UInt8]
        /// PNG; nil where the tower's attention cannot be followed.
        public let attention: [UInt8]?

        public init(
            id: String, question: String, expected: String, answer: String, saliency: [UInt8],
            attention: [UInt8]?
        ) {
            (self.id, self.question, self.expected) = (id, question, expected)
            (self.answer, self.saliency, self.attention) = (answer, saliency, attention)
        }
    }

    public var summary: VisionSummary
    public var views: [View]
    /// What to type to get the same.
    public var command: String

    public init(_ summary: VisionSummary, views: [View] = [], command: String) {
        (self.summary, self.views, self.command) = (summary, views, command)
    }

    /// Writes vision.md, a .svg for each heatmap, the overlays, report.html, and vision.json last,
    /// each whole or not at all.
    public func write(to folder: URL) throws(FormatError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
        for (name, chart) in summary.heatmaps {
            try AtomicFile.write(chart.svg() + "\n", to: folder.appending(path: "\(name).svg"))
        }
        for (place, view) in views.enumerated() {
            let name = "overlay-\(place + 1)"
            try AtomicFile.write(
                Data(view.saliency), to: folder.appending(path: "\(name)-saliency.png"))
            guard let attention = view.attention else { continue }
            try AtomicFile.write(
                Data(attention), to: folder.appending(path: "\(name)-attention.png"))
        }
        try AtomicFile.write(summary.markdown(), to: folder.appending(path: "vision.md"))
        try AtomicFile.write(page().html(), to: folder.appending(path: "report.html"))
        try writeJSON(summary, to: folder.appending(path: "vision.json"))
    }

    /// The page.
    public func page() -> HTMLReport {
        let tables = summary.templates.map { ReportBlock.table(summary.table(of: $0)) }
        let sections = [
            HTMLReport.Section(
                "Beside what answers without looking",
                summary.charts.map { .chart($0, caption: $0.summary) }),
            HTMLReport.Section(
                "By kind of question",
                summary.heatmaps.map { .chart($0.chart, caption: $0.chart.summary) }),
            HTMLReport.Section(
                "All numbers",
                tables + (summary.openTables + summary.differenceTables).map(ReportBlock.table)
                    + summary.notes.map(ReportBlock.paragraph)),
            HTMLReport.Section("Where it looked", views.flatMap(blocks)),
            HTMLReport.Section("Do it again", [.code(command)]),
        ]
        return HTMLReport(
            title: "\(summary.task): \(summary.model)", lead: lead,
            sections: sections.filter { !$0.blocks.isEmpty }, footer: command)
    }

    private var lead: String {
        guard let row = summary.templates.first?.rows.first else { return "" }
        let accuracy = "\(percent(row.accuracy.value)) (\(percentRange(row.accuracy.interval)))"
        let start = "\(accuracy) of \(row.n) questions right"
        guard let gain = row.visualGain else { return start + "; no control was asked." }
        return start + "; \(points(gain.value)) (\(pointRange(gain.interval))) over the best "
            + "control, \(gain.over)."
    }

    private func blocks(_ view: View) -> [ReportBlock] {
        let what =
            "Question \(view.id): \(view.question) Expected: \(view.expected). Followed: "
            + "\(view.answer)."
        var pictures = [
            Picture(png: view.saliency, caption: "What the answer's log-likelihood depends on")
        ]
        if let attention = view.attention {
            pictures.append(Picture(png: attention, caption: "What the tower attended to"))
        }
        return [.paragraph(what), .pictures(pictures)]
    }
}
