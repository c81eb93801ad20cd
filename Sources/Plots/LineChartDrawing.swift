/// A line chart laid out for one width.
struct LineChartDrawing {
    private let chart: LineChart
    private let width: Double
    private let title: [String]
    private let legend: Legend
    private let frame: Frame
    private let x: Axis
    private let y: Axis
    private var canvas = SVGCanvas()

    init(_ chart: LineChart, width: Double) {
        self.chart = chart
        self.width = width
        title = wrapped(chart.title, into: width - 40, size: 15)
        let points = chart.series.flatMap(\.points).filter(\.isFinite)
        legend = Legend(of: chart.series, width: width - 40)
        let top = 74 + legend.height + SVGCanvas.extraHeight(of: title)
        let height = top + max(190, (width * 0.4).rounded()) + 56
        let bottom = height - 56
        let ticks = width < 480 ? 4 : 6
        y = Axis(
            over: points.flatMap(\.heights), from: bottom, to: top, target: ticks - 1, padded: true)
        let labels = y.labels(as: chart.style).map { textWidth($0) }
        frame = Frame(
            left: 20 + (labels.max() ?? 0) + 8,
            right: width - 22,
            top: top,
            bottom: bottom,
            height: height
        )
        x = Axis(
            over: points.map(\.x),
            from: frame.left,
            to: frame.right,
            target: ticks,
            padded: false
        )
    }

    func document() -> String {
        var drawing = self
        drawing.drawTexts()
        drawing.drawAxes()
        for (index, series) in chart.series.enumerated() {
            drawing.draw(series, at: index)
        }
        return drawing.canvas.document(
            width: width,
            height: frame.height,
            title: chart.title,
            description: chart.summary
        )
    }

    private mutating func drawTexts() {
        canvas.title(title)
        legend.draw(on: &canvas, at: (20, 54 + SVGCanvas.extraHeight(of: title)))
        canvas.text(chart.yLabel, at: (20, frame.top - 14), class: "q")
        canvas.text(chart.xLabel, at: (frame.middle, frame.height - 16), class: "q m")
        if chart.series.allSatisfy({ !$0.points.contains(where: \.isFinite) }) {
            let middle = (frame.top + frame.bottom) / 2
            canvas.text("nothing measured yet", at: (frame.middle, middle), class: "q m")
        }
    }

    private mutating func drawAxes() {
        for (tick, label) in zip(y.ticks, y.labels(as: chart.style)) {
            let height = y.position(of: tick)
            canvas.line(from: (frame.left, height), to: (frame.right, height), class: "g")
            canvas.text(label, at: (frame.left - 8, height + 4.4), class: "q e")
        }
        for (tick, label) in zip(x.ticks, x.labels(as: .plain)) {
            canvas.text(label, at: (x.position(of: tick), frame.bottom + 20), class: "q m")
        }
    }

    private mutating func draw(_ series: Series, at index: Int) {
        let colour = ChartStyle.series(index)
        var drawn = series
        if let weight = series.smoothing {
            canvas.path(positions(of: series), class: "l f \(colour)")
            drawn = series.smoothed(weight: weight)
        }
        drawIntervals(of: series, at: index)
        let runs = positions(of: drawn)
        canvas.path(runs, class: "l \(colour)")
        let few = runs.reduce(0) { $0 + $1.count } <= 24
        for run in runs {
            for point in few || run.count == 1 ? run[...] : run.suffix(1) {
                canvas.dot(at: point, radius: 3.5, class: ChartStyle.dot(index))
            }
        }
    }

    /// Bars of several series over one x stand beside each other.
    private mutating func drawIntervals(of series: Series, at index: Int) {
        let offset = (Double(index) - Double(chart.series.count - 1) / 2) * 3
        for point in series.points where point.isFinite {
            guard let lower = point.lower, let upper = point.upper, lower.isFinite, upper.isFinite
            else { continue }
            let place = x.position(of: point.x) + offset
            let ends = (y.position(of: lower), y.position(of: upper))
            canvas.line(
                from: (place, ends.0), to: (place, ends.1),
                class: "f \(ChartStyle.series(index))")
        }
    }

    private func positions(of series: Series) -> [[(x: Double, y: Double)]] {
        series.runs.map { run in
            thinned(run.map { (x.position(of: $0.x), y.position(of: $0.y)) })
        }
    }

    /// A long run with only the first, lowest, highest and last point of each column, which look
    /// the same.
    private func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard run.count > 4 * Int(width) else { return run }
        var result: [(x: Double, y: Double)] = []
        var start = 0
        while start < run.count {
            let column = run[start].x.rounded(.down)
            let end = run[start...].firstIndex { $0.x >= column + 1 } ?? run.count
            let part = start..<end
            let low = part.min { run[$0].y < run[$1].y } ?? start
            let high = part.max { run[$0].y < run[$1].y } ?? start
            result += Set([start, low, high, end - 1]).sorted().map { run[$0] }
            start = end
        }
        return result
    }
}

/// The part of a chart where the data lie.
private struct Frame {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    let height: Double

    var middle: Double { (left + right) / 2 }
}
