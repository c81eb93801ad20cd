import Evaluation
import Foundation
import Plots
import Testing

struct MatrixTests {
    /// Of four questions so many are right, from the front, after some others.
    private func cell(_ right: String) -> MatrixSubject.Cell {
        let items = rows(right)
        let summary = VisionSummary(
            task: visionTask(right.count), model: "m", adapter: nil,
            settings: VisionSettings(showsControls: false),
            results: [TemplateResults(template: .noThink, items: items, controls: [:])],
            training: nil)
        return MatrixSubject.Cell(summary: summary.templates[0].rows[0], items: items)
    }

    private func subject(_ name: String, _ rows: [[String]]) -> MatrixSubject {
        MatrixSubject(
            name: name, template: .noThink,
            rows: zip([nil, "CT", "MRI"], rows).map { ($0, $1.map(cell)) })
    }

    private var think: MatrixSubject {
        subject("think", [["1000", "0000"], ["1110", "1000"], ["1100", "1111"]])
    }

    private var direct: MatrixSubject {
        subject("direct", [["1100", "0000"], ["1111", "1000"], ["0000", "1110"]])
    }

    /// Untrained (1 + 0) / 8; on its own (3 + 4) / 8; on the other (1 + 2) / 8.
    @Test func means() {
        let means = think.matrix(columns: ["CT", "MRI"]).means
        #expect(means.untrained == 0.125 && means.own == 0.875 && means.other == 0.375)
    }

    /// think less direct: untrained 1/4 - 2/4, CT on CT 3/4 - 4/4, MRI on CT 2/4 - 0/4.
    @Test func differences() throws {
        let difference = try MatrixDifference(think, direct, columns: ["CT", "MRI"], seed: 0)
        #expect(difference.rows.map(\.trainedOn) == [nil, "CT", "MRI"])
        #expect(
            difference.rows.map { $0.cells.map(\.value) } == [
                [-0.25, 0], [-0.25, 0], [0.5, 0.25],
            ])
        #expect(difference.rows[2].cells[0].interval.upper <= 1)
        let other = subject("x", [["1", "0"], ["1", "0"], ["1", "0"]])
        #expect(throws: ComparisonError.self) {
            try MatrixDifference(think, other, columns: ["CT", "MRI"], seed: 0)
        }
    }

    @Test func report() throws {
        let columns = ["CT", "MRI"]
        let report = MatrixReport(
            title: "Transfer", matrices: [think, direct].map { $0.matrix(columns: columns) },
            difference: try MatrixDifference(think, direct, columns: columns, seed: 0),
            command: "preceptor study x.yaml")
        #expect(
            report.heatmaps.map(\.name) == [
                "think-accuracy", "think-gain", "direct-accuracy", "direct-gain", "difference",
            ])
        let chart = report.heatmaps[0].chart
        #expect(chart.rows == ["not trained", "CT", "MRI"] && chart.columns == columns)
        // The diagonal is marked.
        #expect(
            chart.cells.map { $0.map { $0?.isMarked } } == [
                [false, false], [true, false], [false, true],
            ])
        try withFolder { folder in
            try report.write(to: folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names.count == 5 + 3)
        }
        let text = report.markdown()
        #expect(text.contains("| think | 12.5 % | 87.5 % | 37.5 % |"))
        #expect(text.contains("+50.0 pp"))
    }
}
