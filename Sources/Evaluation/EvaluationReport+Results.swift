import Plots

extension EvaluationReport {
    /// Figures, chart and tables of one measurement.
    func result(_ measurement: Measurement) -> HTMLReport.Section {
        let comparison = measurement.comparison
        var blocks: [ReportBlock] = [
            .keyFigures(figures(comparison)),
            .chart(comparison.chart, caption: comparison.sentence),
            .table(summaries(measurement)),
        ]
        if !comparison.groups.isEmpty {
            blocks.append(.details(summary: "By group", [.table(groups(comparison))]))
        }
        return HTMLReport.Section(measurement.title, blocks)
    }

    private func figures(_ comparison: PairedComparison) -> [KeyFigure] {
        let score = comparison.overall
        return [
            KeyFigure(
                label: "before",
                value: percent(score.first.accuracy),
                note: percentRange(score.first.interval)
            ),
            KeyFigure(
                label: "after",
                value: percent(score.second.accuracy),
                note: percentRange(score.second.interval)
            ),
            KeyFigure(
                label: "difference",
                value: points(score.difference),
                note: pointRange(score.interval)
            ),
            KeyFigure(
                label: "chance",
                value: probability(score.p),
                note: "McNemar's exact test"
            ),
        ]
    }

    private func summaries(_ measurement: Measurement) -> ReportTable {
        let rows = [("before", measurement.before.summary), ("after", measurement.after.summary)]
        return ReportTable(
            caption: "\(measurement.before.summary.n) questions of \(measurement.comparison.task)",
            columns: [
                .text("model"), .number("accuracy"), .number("95 % interval"),
                .number("macro F1"), .number("majority"), .number("unparsable"),
            ],
            rows: rows.map { name, summary in
                [
                    name, percent(summary.accuracy), percentRange(summary.interval),
                    percent(summary.macroF1), percent(summary.majority),
                    percent(summary.unparsable),
                ]
            }
        )
    }

    private func groups(_ comparison: PairedComparison) -> ReportTable {
        ReportTable(
            caption: "Accuracy by group",
            columns: [
                .text("group"), .number("n"), .number("before"), .number("after"),
                .number("difference"), .number("95 % interval"), .number("p"),
            ],
            rows: comparison.sortedGroups.map { name, score in
                [
                    name, "\(score.n)", percent(score.first.accuracy),
                    percent(score.second.accuracy), points(score.difference),
                    pointRange(score.interval), decimal(score.p, 3),
                ]
            }
        )
    }
}
