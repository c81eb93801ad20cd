import Plots

extension VisionSummary {
    /// Accuracy and visual gain by modality and task, where the task has both facets, and the
    /// templates' difference.
    public var heatmaps: [(name: String, chart: Heatmap)] {
        let cells = templates.flatMap { template -> [(String, Heatmap)] in
            let name = template.template.rawValue
            let grid = Grid(template.rows.map(\.facets))
            guard !grid.isEmpty else { return [] }
            return [
                (
                    "accuracy-\(name)",
                    grid.heatmap("Accuracy, template \(name)") { place in
                        accuracyCell(template.rows[place])
                    }
                ),
                (
                    "gain-\(name)",
                    grid.gainHeatmap(
                        "Visual gain, template \(name): accuracy less the best control"
                    ) { place in gainCell(template.rows[place]) }
                ),
            ]
        }
        guard let difference, let first = templates.first, templates.count > 1 else { return cells }
        let grid = Grid(first.rows.map(\.facets))
        let names = templates.prefix(2).map(\.template.rawValue)
        return grid.isEmpty
            ? cells
            : cells + [
                (
                    "difference",
                    grid.gainHeatmap("Accuracy, \(names[0]) less \(names[1])") { place in
                        let value = difference[place]
                        return Heatmap.Cell(
                            value: value.value, lower: value.interval.lower,
                            upper: value.interval.upper, note: "\(value.n) questions")
                    }
                )
            ]
    }

    /// The model beside its controls, over all questions.
    public var charts: [IntervalChart] {
        templates.compactMap { template in
            guard let row = template.rows.first else { return nil }
            let controls = row.controls.compactMap { control in
                control.accuracy.map { Self.bar(control.name, $0, colour: 4) }
            }
            let own =
                [Self.bar("model", row.accuracy, colour: 0)]
                + (row.strict.map { [Self.bar("model, strict", $0, colour: 0)] } ?? [])
            return IntervalChart(
                title: "\(task), template \(template.template.rawValue), \(row.n) questions",
                summary: "Accuracy of the model beside what answers without the image.",
                xLabel: "accuracy", rows: own + controls)
        }
    }

    private static func bar(_ name: String, _ share: Share, colour: Int) -> IntervalChart.Row {
        IntervalChart.Row(
            label: name, estimate: share.value, lower: share.interval.lower,
            upper: share.interval.upper, colour: colour)
    }

    private func accuracyCell(_ row: Row) -> Heatmap.Cell {
        let best = row.visualGain.map { ", best control \($0.over)" } ?? ""
        return Heatmap.Cell(
            value: row.accuracy.value, lower: row.accuracy.interval.lower,
            upper: row.accuracy.interval.upper, note: "\(row.n) questions\(best)")
    }

    private func gainCell(_ row: Row) -> Heatmap.Cell? {
        row.visualGain.map {
            Heatmap.Cell(
                value: $0.value, lower: $0.interval.lower, upper: $0.interval.upper,
                note: "\(row.n) questions, over \($0.over)")
        }
    }

    /// Modalities down, task types across.
    private struct Grid {
        let modalities: [String]
        let tasks: [String]
        let places: [[String]: Int]

        init(_ facets: [[String: String]]) {
            var places: [[String]: Int] = [:]
            for (place, facets) in facets.enumerated() {
                if let modality = facets["modality"], let task = facets["task"] {
                    places[[modality, task]] = place
                }
            }
            self.places = places
            modalities = Set(places.keys.map { $0[0] }).sorted()
            tasks = Set(places.keys.map { $0[1] }).sorted()
        }

        var isEmpty: Bool { places.isEmpty }

        func heatmap(_ title: String, _ cell: (Int) -> Heatmap.Cell?) -> Heatmap {
            Heatmap(
                title: title, summary: title + ", by modality and task type.",
                rowTitle: "modality", columnTitle: "task type", rows: modalities, columns: tasks,
                cells: modalities.map { modality in
                    tasks.map { task in places[[modality, task]].flatMap(cell) }
                })
        }

        func gainHeatmap(_ title: String, _ cell: (Int) -> Heatmap.Cell?) -> Heatmap {
            var chart = heatmap(title, cell)
            chart.scale = .differences(chart.cells.joined().compactMap { $0?.value })
            chart.style = .difference
            return chart
        }
    }
}
