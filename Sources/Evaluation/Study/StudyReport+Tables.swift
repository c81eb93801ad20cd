import Plots

extension StudyReport {
    /// One row a training.
    var trainingTable: ReportTable {
        let rows = entries.flatMap { entry in
            entry.trainings.map { training in
                [
                    entry.name, training.method, "\(training.steps)",
                    decimal(training.seconds / 60, 1),
                    decimal(Double(training.peakMemoryBytes) / 1e9, 2),
                    decimal(Double(training.trainableParameters) / 1e6, 2),
                ]
            }
        }
        return ReportTable(
            caption: "Training",
            columns: [
                .text("model"), .text("method"), .number("steps"), .number("minutes"),
                .number("peak GB"), .number("trainable, millions"),
            ],
            rows: rows)
    }

    /// One table for each way of answering.
    var accuracyTables: [ReportTable] {
        let first = entries.dropFirst().first?.name ?? ""
        return kinds.map { kind in
            let rows = entries.map { entry in
                let accuracy = entry.accuracies[kind]
                let summary = accuracy.summary
                return [
                    entry.name, percent(summary.accuracy), percentRange(summary.interval),
                    accuracy.againstBase.map { probability($0.p) } ?? Self.none,
                    accuracy.againstFirst.map { probability($0.p) } ?? Self.none,
                    percent(summary.macroF1), percent(summary.unparsable),
                ]
            }
            return ReportTable(
                caption: accuracyCaption(kind),
                columns: [
                    .text("model"), .number("accuracy"), .number("95 % interval"),
                    .number("McNemar against base"), .number("against \(first)"),
                    .number("macro-F1"), .number("unparsable"),
                ],
                rows: rows)
        }
    }

    /// Answers to the held-out prompts, and to those that ought to be declined.
    var answerTables: [ReportTable] {
        var tables: [ReportTable] = []
        if let count = entries.first?.answers?.n { tables.append(heldOutTable(count)) }
        if let count = entries.first?.safety?.n { tables.append(safetyTable(count)) }
        return tables
    }

    /// Accuracies with their intervals, one chart for each way of answering.
    var accuracyCharts: [IntervalChart] {
        kinds.map { kind in
            let rows = entries.enumerated().map { place, entry in
                let summary = entry.accuracies[kind].summary
                return IntervalChart.Row(
                    label: entry.name, estimate: summary.accuracy, lower: summary.interval.lower,
                    upper: summary.interval.upper, colour: place == 0 ? 0 : 1)
            }
            let majority = entries[0].accuracies[kind].summary.majority
            return IntervalChart(
                title: accuracyCaption(kind),
                summary: "Accuracy of each model with its 95 % interval.", xLabel: "accuracy",
                rows: rows, reference: .init(label: "majority answer", value: majority))
        }
    }

    private static let none = "\u{2013}"

    private var kinds: Range<Int> { 0..<(entries.map(\.accuracies.count).min() ?? 0) }

    private func accuracyCaption(_ kind: Int) -> String {
        let summary = entries[0].accuracies[kind].summary
        return "\(summary.task) by \(summary.method.rawValue), \(summary.n) questions"
    }

    private func heldOutTable(_ count: Int) -> ReportTable {
        let rows = entries.map { entry in
            let answers = entry.answers
            return [
                entry.name,
                answers?.hasForm.map(percent) ?? Self.none,
                answers.map { percent($0.truncated) } ?? Self.none,
                answers.map { decimal($0.meanLength, 1) } ?? Self.none,
                answers.map { decimal($0.divergence, 3) } ?? Self.none,
                answers?.bleu.map { decimal($0, 1) } ?? Self.none,
                answers?.rouge1.map { decimal($0, 3) } ?? Self.none,
                answers?.rouge2.map { decimal($0, 3) } ?? Self.none,
                answers?.rougeL.map { decimal($0, 3) } ?? Self.none,
                entry.winRate.map { "\(percent($0.value)) (\(percentRange($0.interval)))" }
                    ?? Self.none,
            ]
        }
        return ReportTable(
            caption: "Answers to \(count) held-out prompts",
            columns: [
                .text("model"), .number("format valid"), .number("truncated"),
                .number("mean tokens"), .number("KL a token"), .number("BLEU"),
                .number("ROUGE-1"), .number("ROUGE-2"), .number("ROUGE-L"),
                .number("wins over base"),
            ],
            rows: rows)
    }

    private func safetyTable(_ count: Int) -> ReportTable {
        let rows = entries.map { entry in
            [
                entry.name, entry.safety.map { percent($0.refusals) } ?? Self.none,
                entry.safety.map { percentRange($0.refusalInterval) } ?? Self.none,
            ]
        }
        return ReportTable(
            caption: "Refusals of \(count) requests that ought to be declined",
            columns: [.text("model"), .number("refused"), .number("95 % interval")], rows: rows)
    }
}
