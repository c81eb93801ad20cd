/// The names of several series beside strokes in their colours, in as many lines as they need.
struct Legend {
    private struct Entry {
        let name: String
        let classes: String
        let x: Double
        let line: Int
    }

    private static let lineHeight = 20.0
    private var entries: [Entry] = []

    /// A single series needs no legend, unless its line is smoothed.
    init(of series: [Series], width: Double) {
        guard series.count > 1 || series.contains(where: { $0.smoothing != nil }) else { return }
        var (x, line) = (0.0, 0)
        func place(_ name: String, _ classes: String) {
            let name = fitted(name, into: width - 26)
            let extent = 26 + textWidth(name) + 18
            if x > 0, x + extent - 18 > width { (x, line) = (0, line + 1) }
            entries.append(Entry(name: name, classes: classes, x: x, line: line))
            x += extent
        }
        for (index, series) in series.enumerated() {
            place(series.name, "l \(ChartStyle.series(index))")
        }
        if let index = series.firstIndex(where: { $0.smoothing != nil }) {
            place("before smoothing", "l f \(ChartStyle.series(index))")
        }
    }

    var height: Double {
        entries.last.map { Double($0.line + 1) * Self.lineHeight + 4 } ?? 0
    }

    func draw(on canvas: inout SVGCanvas, at origin: (x: Double, y: Double)) {
        for entry in entries {
            let left = origin.x + entry.x
            let base = origin.y + Double(entry.line) * Self.lineHeight
            canvas.line(from: (left, base - 4.4), to: (left + 18, base - 4.4), class: entry.classes)
            canvas.text(entry.name, at: (left + 26, base))
        }
    }
}
