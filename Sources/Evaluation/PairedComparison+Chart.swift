import Plots

extension PairedComparison {
    /// Both accuracies with their intervals, overall and by group.
    public var chart: IntervalChart {
        let parts = [("", overall)] + sortedGroups.map { ("\($0.name): ", $0.score) }
        let rows = parts.flatMap { prefix, score in
            [
                row(prefix + first.name, score.first, colour: 0),
                row(prefix + second.name, score.second, colour: 1),
            ]
        }
        return IntervalChart(
            title: "\(task): accuracy with 95 % intervals",
            summary: sentence,
            xLabel: "accuracy",
            rows: rows,
            reference: .init(label: "majority answer", value: majority)
        )
    }

    /// What came of it, in one sentence.
    public var sentence: String {
        "On \(overall.n) questions of \(task), \(first.name) has "
            + "\(overall.first.text) right and \(second.name) \(overall.second.text): "
            + "\(points(overall.difference)) (\(pointRange(overall.interval))), "
            + "\(probability(overall.p)) by McNemar's exact test."
    }

    /// Groups by name.
    var sortedGroups: [(name: String, score: PairedScore)] {
        groups.sorted { $0.key < $1.key }.map { (name: $0.key, score: $0.value) }
    }

    private func row(
        _ label: String,
        _ value: PairedScore.Accuracy,
        colour: Int
    ) -> IntervalChart.Row {
        IntervalChart.Row(
            label: label,
            estimate: value.accuracy,
            lower: value.interval.lower,
            upper: value.interval.upper,
            colour: colour
        )
    }
}

extension PairedScore.Accuracy {
    /// "55.2 % (49.0 to 61.1 %)".
    var text: String { "\(percent(accuracy)) (\(percentRange(interval)))" }
}
