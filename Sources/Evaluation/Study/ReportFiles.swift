import FileFormats
import Foundation
import Plots

/// What every report of a study leaves in its folder.
enum ReportFiles {
    /// A .svg for each heatmap, report.json, report.md and report.html, each whole or not at all; the
    /// page last.
    static func write(
        _ document: some Encodable, markdown: String, page: HTMLReport,
        heatmaps: [(name: String, chart: Heatmap)] = [], to folder: URL
    ) throws(FormatError) {
        for (name, chart) in heatmaps {
            try AtomicFile.write(chart.svg() + "\n", to: folder.appending(path: "\(name).svg"))
        }
        try writeJSON(document, to: folder.appending(path: "report.json"))
        try AtomicFile.write(markdown, to: folder.appending(path: "report.md"))
        try AtomicFile.write(page.html(), to: folder.appending(path: "report.html"))
    }
}

extension HTMLReport.Section {
    /// What to type to get the same, and what it ran on if that is known.
    static func again(
        _ command: String, on environment: [EvaluationReport.Fact]
    ) -> HTMLReport.Section {
        let facts = ReportTable(
            caption: "What it ran on", columns: [.text("what"), .text("value")],
            rows: environment.map { [$0.name, $0.value] })
        return HTMLReport.Section(
            "Do it again", [.code(command)] + (environment.isEmpty ? [] : [.table(facts)]))
    }
}
