extension EvaluationSummary {
    /// The summary for a terminal, at most 80 columns wide.
    public func table() -> String {
        let heading = "\(task) by \(method.rawValue), \(n) questions"
        let rows = [
            ["accuracy", percent(accuracy), percentRange(interval)],
            ["macro F1", percent(macroF1), ""],
            ["majority answer", percent(majority), ""],
            ["unparsable", percent(unparsable), ""],
        ]
        let parts = groups.sorted { $0.key < $1.key }.map { name, group in
            ["\(name) (\(group.n))", percent(group.accuracy), percentRange(group.interval)]
        }
        let notes = clusters.map {
            TextTable.wrapped("Questions share images: intervals resample \($0) clusters of them.")
        }
        return
            ([heading] + TextTable.lines([["", "", "95 % interval"]] + rows + parts)
            + (notes ?? [])).joined(separator: "\n")
    }
}
