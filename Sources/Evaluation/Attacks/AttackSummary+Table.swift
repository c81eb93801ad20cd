import FileFormats
import Foundation
import Plots

extension AttackSummary {
    /// The summary for a terminal.
    public func table() -> String {
        let table = reportTable
        return
            ([table.caption]
            + TextTable.lines(
                [table.columns.map(\.title)] + table.rows,
                width: 100) + notes).joined(separator: "\n")
    }

    /// The same as Markdown.
    public func markdown() -> String {
        ([reportTable.markdown] + notes).joined(separator: "\n\n") + "\n"
    }

    /// Accuracy over epsilon, a curve for each attack; the clean accuracy is where it begins.
    public var chart: LineChart {
        let series = plan.attacks.map { attack in
            let start = clean.map { [Self.point(0, $0)] } ?? []
            return Series(
                name: attack.rawValue.uppercased(),
                points: start
                    + points.filter { $0.attack == attack }.map {
                        Self.point($0.epsilon, $0.accuracy)
                    })
        }
        return LineChart(
            title: "\(task): accuracy under attack, \(n) questions",
            summary: "Accuracy over the size of the change, with 95 % intervals.",
            xLabel: "epsilon in 255ths (\(plan.settings.norm.rawValue))", yLabel: "accuracy",
            series: series, style: .percent)
    }

    /// Writes attack.json, attack.md and attack.svg, each whole or not at all.
    public func write(to folder: URL) throws(FormatError) {
        try AtomicFile.write(chart.svg() + "\n", to: folder.appending(path: "attack.svg"))
        try AtomicFile.write(markdown(), to: folder.appending(path: "attack.md"))
        try writeJSON(self, to: folder.appending(path: "attack.json"))
    }

    var reportTable: ReportTable {
        let own = clean.map { [["clean", "0", share($0), range($0), "", "", ""]] } ?? []
        return ReportTable(
            caption:
                "\(task) by \(method.rawValue), \(n) questions, \(plan.settings.norm.rawValue), "
                + "goal \(plan.settings.goal.rawValue)",
            columns: [
                .text("attack"), .number("epsilon"), .number("accuracy"), .number("95 %"),
                .number("drop"), .number("95 %"), .number("flipped"),
            ],
            rows: own
                + points.map { point in
                    [
                        point.attack.rawValue, distinctDecimal(point.epsilon),
                        share(point.accuracy),
                        range(point.accuracy), dropText(point.drop), pointRange(point.dropInterval),
                        point.flipped.map(share) ?? "",
                    ]
                })
    }

    private var notes: [String] {
        var notes: [String] = []
        if !errors.isEmpty {
            let some = errors.prefix(5).map { "\($0.id): \($0.reason)" }.joined(separator: "; ")
            notes.append("\(errors.count) questions with an error, in no number: \(some)")
        }
        if let clusters {
            notes.append("Questions share images: intervals resample \(clusters) clusters of them.")
        }
        let blind = points.map(\.blind).max() ?? 0
        if blind > 0 {
            notes.append(
                "For up to \(blind) questions the gradient was zero: there the attacks could not "
                    + "see, which is no proof of robustness.")
        }
        if let transferredFrom { notes.append("Images were made by \(transferredFrom).") }
        return notes
    }

    private func share(_ share: VisionSummary.Share) -> String { percent(share.value) }

    private func range(_ share: VisionSummary.Share) -> String { percentRange(share.interval) }

    private static func point(_ x: Double, _ share: VisionSummary.Share) -> Series.Point {
        Series.Point(
            x: x, y: share.value, lower: share.interval.lower, upper: share.interval.upper)
    }
}

/// A drop in percentage points.
private func dropText(_ value: Double) -> String { points(value) }
