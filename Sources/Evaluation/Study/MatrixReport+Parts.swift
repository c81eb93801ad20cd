import Plots
import Statistics

extension MatrixReport {
    /// Accuracy and visual gain of every method, then the difference of two.
    public var heatmaps: [(name: String, chart: Heatmap)] {
        let own = matrices.flatMap { matrix in
            [
                ("\(matrix.name)-accuracy", accuracyMap(matrix)),
                ("\(matrix.name)-gain", gainMap(matrix)),
            ]
        }
        return own + (difference.map { [("difference", differenceMap($0))] } ?? [])
    }

    private func accuracyMap(_ matrix: TransferMatrix) -> Heatmap {
        heatmap("\(matrix.name): accuracy", matrix.grid) { cell in
            Heatmap.Cell(cell.accuracy.value, cell.accuracy.interval, "\(cell.n) questions")
        }
    }

    private func gainMap(_ matrix: TransferMatrix) -> Heatmap {
        let title = "\(matrix.name): visual gain, accuracy less the best control"
        return heatmap(title, matrix.grid) { cell in
            cell.visualGain.map { Heatmap.Cell($0.value, $0.interval, "over \($0.over)") }
        }.signed
    }

    private func differenceMap(_ difference: MatrixDifference) -> Heatmap {
        heatmap("\(difference.first) less \(difference.second)", difference.grid) { cell in
            Heatmap.Cell(
                cell.value, cell.interval, "\(cell.n) questions, \(probability(cell.p))")
        }.signed
    }

    /// Where a model was asked what it was trained on, the cell is marked.
    private func heatmap<Cell>(
        _ title: String, _ grid: MatrixGrid<Cell>, _ cell: (Cell) -> Heatmap.Cell?
    ) -> Heatmap {
        Heatmap(
            title: title, summary: "\(title), by what was trained on and what was asked.",
            rowTitle: "trained on", columnTitle: "asked", rows: grid.names, columns: grid.columns,
            cells: grid.rows.map { row in
                zip(grid.columns, row.cells).map { column, value in
                    var shown = cell(value)
                    shown?.isMarked = row.trainedOn == column
                    return shown
                }
            })
    }

    /// Rows are models, columns what was asked.
    func accuracyTable(_ matrix: TransferMatrix) -> ReportTable {
        table("\(matrix.name): accuracy with 95 % intervals", matrix.grid) { cell in
            "\(percent(cell.accuracy.value)) (\(percentRange(cell.accuracy.interval)))"
        }
    }

    /// Each cell's gain and the control that it is over.
    func controlTable(_ matrix: TransferMatrix) -> ReportTable {
        table("\(matrix.name): visual gain over the best control", matrix.grid) { cell in
            guard let gain = cell.visualGain else { return VisionSummary.none }
            return "\(points(gain.value)) (\(pointRange(gain.interval))) over \(gain.over) "
                + percent(cell.control(gain.over) ?? 0)
        }
    }

    /// One method less another.
    func differenceTable(_ difference: MatrixDifference) -> ReportTable {
        table("\(difference.first) less \(difference.second)", difference.grid) { cell in
            "\(points(cell.value)) (\(pointRange(cell.interval))), \(probability(cell.p))"
        }
    }

    /// One row a method.
    var meansTable: ReportTable {
        ReportTable(
            caption: "Mean accuracy, each part weighing the same",
            columns: [
                .text("method"), .number("before training"), .number("on its own part"),
                .number("on the others"),
            ],
            rows: matrices.map { matrix in
                let means = matrix.means
                return [matrix.name]
                    + [means.untrained, means.own, means.other].map {
                        $0.map(percent) ?? VisionSummary.none
                    }
            })
    }

    private func table<Cell>(
        _ caption: String, _ grid: MatrixGrid<Cell>, _ cell: (Cell) -> String
    ) -> ReportTable {
        ReportTable(
            caption: caption, columns: [.text("trained on")] + grid.columns.map { .number($0) },
            rows: zip(grid.names, grid.rows).map { name, row in [name] + row.cells.map(cell) })
    }
}

/// What was measured, by what a model was trained on and what it was asked.
private struct MatrixGrid<Cell> {
    let columns: [String]
    let rows: [(trainedOn: String?, cells: [Cell])]

    var names: [String] { rows.map { $0.trainedOn ?? "not trained" } }
}

extension TransferMatrix {
    fileprivate var grid: MatrixGrid<VisionSummary.Row> {
        MatrixGrid(columns: columns, rows: rows.map { ($0.trainedOn, $0.cells) })
    }
}

extension MatrixDifference {
    fileprivate var grid: MatrixGrid<Cell> {
        MatrixGrid(columns: columns, rows: rows.map { ($0.trainedOn, $0.cells) })
    }
}

extension Heatmap {
    /// Coloured by sign.
    fileprivate var signed: Heatmap {
        var chart = self
        chart.scale = .differences(chart.cells.joined().compactMap { $0?.value })
        chart.style = .difference
        return chart
    }
}

extension Heatmap.Cell {
    fileprivate init(_ value: Double, _ interval: Interval, _ note: String) {
        self.init(value: value, lower: interval.lower, upper: interval.upper, note: note)
    }
}
