import Plots

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
        heatmap("\(matrix.name): accuracy", matrix.columns, matrix.rows.map(\.trainedOn)) {
            row, column in
            let cell = matrix.rows[row].cells[column]
            return Heatmap.Cell(
                value: cell.accuracy.value, lower: cell.accuracy.interval.lower,
                upper: cell.accuracy.interval.upper, note: "\(cell.n) questions",
                isMarked: matrix.rows[row].trainedOn == matrix.columns[column])
        }
    }

    private func gainMap(_ matrix: TransferMatrix) -> Heatmap {
        signed(
            heatmap(
                "\(matrix.name): visual gain, accuracy less the best control", matrix.columns,
                matrix.rows.map(\.trainedOn)
            ) { row, column in
                let cell = matrix.rows[row].cells[column]
                return cell.visualGain.map { gain in
                    Heatmap.Cell(
                        value: gain.value, lower: gain.interval.lower,
                        upper: gain.interval.upper, note: "over \(gain.over)",
                        isMarked: matrix.rows[row].trainedOn == matrix.columns[column])
                }
            })
    }

    private func differenceMap(_ difference: MatrixDifference) -> Heatmap {
        signed(
            heatmap(
                "\(difference.first) less \(difference.second)", difference.columns,
                difference.rows.map(\.trainedOn)
            ) { row, column in
                let cell = difference.rows[row].cells[column]
                return Heatmap.Cell(
                    value: cell.value, lower: cell.interval.lower, upper: cell.interval.upper,
                    note: "\(cell.n) questions, \(probability(cell.p))",
                    isMarked: difference.rows[row].trainedOn == difference.columns[column])
            })
    }

    private func heatmap(
        _ title: String, _ columns: [String], _ rows: [String?],
        _ cell: (Int, Int) -> Heatmap.Cell?
    ) -> Heatmap {
        Heatmap(
            title: title, summary: "\(title), by what was trained on and what was asked.",
            rowTitle: "trained on", columnTitle: "asked", rows: rows.map(Self.name),
            columns: columns,
            cells: rows.indices.map { row in columns.indices.map { cell(row, $0) } })
    }

    private func signed(_ chart: Heatmap) -> Heatmap {
        var chart = chart
        chart.scale = .differences(chart.cells.joined().compactMap { $0?.value })
        chart.style = .difference
        return chart
    }

    /// Rows are models, columns what was asked.
    func accuracyTable(_ matrix: TransferMatrix) -> ReportTable {
        table(
            "\(matrix.name): accuracy with 95 % intervals", matrix.columns,
            matrix.rows.map(\.trainedOn)
        ) { row, column in
            let share = matrix.rows[row].cells[column].accuracy
            return "\(percent(share.value)) (\(percentRange(share.interval)))"
        }
    }

    /// Each cell's gain and the control that it is over.
    func controlTable(_ matrix: TransferMatrix) -> ReportTable {
        table(
            "\(matrix.name): visual gain over the best control", matrix.columns,
            matrix.rows.map(\.trainedOn)
        ) { row, column in
            let cell = matrix.rows[row].cells[column]
            guard let gain = cell.visualGain else { return VisionSummary.none }
            return "\(points(gain.value)) (\(pointRange(gain.interval))) over \(gain.over) "
                + percent(cell.control(gain.over) ?? 0)
        }
    }

    /// One method less another.
    func differenceTable(_ difference: MatrixDifference) -> ReportTable {
        table(
            "\(difference.first) less \(difference.second)", difference.columns,
            difference.rows.map(\.trainedOn)
        ) { row, column in
            let cell = difference.rows[row].cells[column]
            return "\(points(cell.value)) (\(pointRange(cell.interval))), \(probability(cell.p))"
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

    private func table(
        _ caption: String, _ columns: [String], _ rows: [String?], _ cell: (Int, Int) -> String
    ) -> ReportTable {
        ReportTable(
            caption: caption, columns: [.text("trained on")] + columns.map { .number($0) },
            rows: rows.indices.map { row in
                [Self.name(rows[row])] + columns.indices.map { cell(row, $0) }
            })
    }

    private static func name(_ trainedOn: String?) -> String { trainedOn ?? "not trained" }
}
