/// An interval chart laid out for one width: labels and values beside the marks or, where it is
/// narrow, in lines above them.
struct IntervalChartDrawing {
    private let chart: IntervalChart
    private let width: Double
    private let title: [String]
    private let top: Double
    private let stacked: Bool
    /// How many lines of text stand above the marks.
    private let lines: Int
    private let left: Double
    private let right: Double
    private let rowHeight: Double
    private let axis: Axis
    private var canvas = SVGCanvas()

    init(_ chart: IntervalChart, width: Double) {
        self.chart = chart
        self.width = width
        title = wrapped(chart.title, into: width - 40, size: 15)
        top = 74 + SVGCanvas.extraHeight(of: title)
        stacked = width < 520
        let labels = chart.rows.map { textWidth($0.label) }.max() ?? 0
        let values = chart.rows.map { textWidth(Self.text(of: $0, chart.style)) }.max() ?? 0
        lines = !stacked ? 0 : labels + 16 + values <= width - 48 ? 1 : 2
        rowHeight = stacked ? 38 + 18 * Double(lines) : 40
        left = stacked ? 24 : 20 + min(labels, width * 0.35) + 20
        right = stacked ? width - 24 : width - 20 - values - 20
        let drawn = chart.rows.map(\.values).filter { $0.allSatisfy(\.isFinite) }.joined()
        let reference = [chart.reference?.value].compactMap(\.self).filter(\.isFinite)
        axis = Axis(
            over: drawn + reference,
            from: left,
            to: right,
            target: stacked ? 4 : 5,
            padded: true
        )
    }

    private var bottom: Double { top + Double(chart.rows.count) * rowHeight }
    private var height: Double { bottom + 58 }

    func document() -> String {
        var drawing = self
        drawing.drawTexts()
        drawing.drawAxis()
        drawing.drawReference()
        for (index, row) in chart.rows.enumerated() {
            drawing.draw(row, at: top + Double(index) * rowHeight)
        }
        return drawing.canvas.document(
            width: width,
            height: height,
            title: chart.title,
            description: chart.summary
        )
    }

    private mutating func drawTexts() {
        canvas.title(title)
        let middle = (left + right) / 2
        canvas.text(chart.xLabel, at: (middle, height - 16), class: "q m")
    }

    private mutating func drawAxis() {
        for (tick, label) in zip(axis.ticks, axis.labels(as: chart.style)) {
            let x = axis.position(of: tick)
            canvas.line(from: (x, top), to: (x, bottom), class: "g")
            canvas.text(label, at: (x, bottom + 20), class: "q m")
        }
    }

    private mutating func drawReference() {
        guard let reference = chart.reference, reference.value.isFinite else { return }
        let x = axis.position(of: reference.value)
        canvas.line(from: (x, top - 6), to: (x, bottom), class: "r")
        let text = "\(reference.label) \(chart.style.value(reference.value))"
        let half = textWidth(text) / 2
        let centre = max(20 + half, min(width - 20 - half, x))
        canvas.text(text, at: (centre, top - 13), class: "q m")
    }

    private mutating func draw(_ row: IntervalChart.Row, at top: Double) {
        let value = Self.text(of: row, chart.style)
        if stacked {
            let room = lines == 1 ? width - 64 - textWidth(value) : width - 48
            canvas.text(fitted(row.label, into: room), at: (24, top + 18), class: "o")
            let x = lines == 1 ? width - 24 : 24
            let name = lines == 1 ? "o e b" : "o b"
            canvas.text(value, at: (x, top + 18 * Double(lines)), class: name)
        } else {
            canvas.text(fitted(row.label, into: left - 40), at: (20, top + rowHeight / 2 + 4.4))
            canvas.text(value, at: (width - 20, top + rowHeight / 2 + 4.4), class: "e b")
        }
        guard row.values.allSatisfy(\.isFinite) else { return }
        drawMarks(of: row, at: stacked ? top + 18 * Double(lines) + 17 : top + rowHeight / 2)
    }

    private mutating func drawMarks(of row: IntervalChart.Row, at height: Double) {
        let (low, high) = (axis.position(of: row.lower), axis.position(of: row.upper))
        let colour = ChartStyle.series(row.colour)
        canvas.line(from: (low, height), to: (high, height), class: "w \(colour)")
        for end in [low, high] {
            canvas.line(from: (end, height - 5), to: (end, height + 5), class: "w \(colour)")
        }
        let centre = (axis.position(of: row.estimate), height)
        canvas.dot(at: centre, radius: 6, class: ChartStyle.dot(row.colour))
    }

    /// "55.2 % (51.0 to 59.4)", or a dash for a row without a finite value.
    private static func text(of row: IntervalChart.Row, _ style: NumberStyle) -> String {
        guard row.values.allSatisfy(\.isFinite) else { return "–" }
        let interval = "\(style.digits(row.lower)) to \(style.digits(row.upper))"
        return "\(style.value(row.estimate)) (\(interval))"
    }
}
