import Foundation
import TestSupport
import Testing
import Tracking

struct LossChartTests {
    private func row(_ step: Int, _ values: [String: Double]) -> MetricsRow {
        MetricsRow(step: step, epoch: 0, time: 0, values: values)
    }

    @Test func drawsTrainingAndValidation() {
        let rows = [
            row(1, ["loss": 2.5]), row(2, ["loss": .nan]), row(2, ["eval_loss": 2.25]),
            row(3, ["loss": 1.5]), row(3, ["train_loss": 2]),
        ]
        let chart = lossChart(of: rows)
        #expect(chart.series.map(\.name) == ["training", "validation"])
        #expect(chart.series[0].points.map(\.x) == [1, 2, 3])
        #expect(chart.series[0].smoothing == nil)
        let summary = """
            The training loss is 2.5000 at step 1 and 1.5000 at step 3. \
            The validation loss is 2.2500 at step 2 and 2.2500 at step 2.
            """
        #expect(chart.summary == summary)
    }

    @Test func longRunsAreSmoothed() {
        let chart = lossChart(of: (1...60).map { row($0, ["loss": 1 / Double($0)]) })
        #expect(chart.series.map(\.smoothing) == [0.9])
    }

    @Test func writesAFileForAnEmptyRunToo() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: "loss.svg")
        try writeLossChart(of: [], to: url)
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
        #expect(text.contains("No training loss was measured."))
    }
}
