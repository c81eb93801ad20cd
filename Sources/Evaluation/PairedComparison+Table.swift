extension PairedComparison {
    /// The comparison for a terminal, at most 80 columns wide.
    public func table() -> String {
        let outcomes = overall.outcomes
        var lines = ["\(task), \(overall.n) questions"]
        lines += TextTable.lines([
            ["", "accuracy", "95 % interval"],
            [first.name] + cells(overall.first),
            [second.name] + cells(overall.second),
            ["difference", points(overall.difference), pointRange(overall.interval)],
            ["majority answer", percent(majority), ""],
        ])
        lines.append(
            "McNemar's exact test: \(probability(overall.p)); right only in the first "
                + "\(outcomes.onlyFirstRight), only in the second \(outcomes.onlySecondRight)"
        )
        if let clusters = overall.clusters {
            lines += TextTable.wrapped(
                "Questions share images: intervals resample \(clusters) clusters of them; "
                    + "McNemar's test takes questions as independent.")
        }
        if !groups.isEmpty { lines += [""] + groupLines() }
        return lines.joined(separator: "\n")
    }

    private func groupLines() -> [String] {
        let heading = ["group", "n", "first", "second", "difference, 95 % interval", "p"]
        let rows = sortedGroups.map { name, score in
            [
                name, "\(score.n)", percent(score.first.accuracy), percent(score.second.accuracy),
                "\(points(score.difference)) (\(pointRange(score.interval)))",
                decimal(score.p, 3),
            ]
        }
        return TextTable.lines([heading] + rows)
    }

    private func cells(_ value: PairedScore.Accuracy) -> [String] {
        [percent(value.accuracy), percentRange(value.interval)]
    }
}
