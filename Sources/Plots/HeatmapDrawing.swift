/// A heatmap laid out for one width: names of columns lie above them, in up to three lines, or,
/// where they do not fit, stand on end.
struct HeatmapDrawing {
    private let chart: Heatmap
    private let width: Double
    private let title: [String]
    private let left: Double
    private let top: Double
    private let cellWidth: Double
    private let cellHeight = 36.0
    /// The height that the columns' names take.
    private let headHeight: Double
    private let isUpright: Bool
    private let heads: [[String]]
    private var canvas = SVGCanvas()

    private static let gap = 2.0
    private static let keyHeight = 62.0
    private static let headSize = 12.5
    private static let headLeading = 15.0

    init(_ chart: Heatmap, width: Double) {
        self.chart = chart
        self.width = width
        title = wrapped(chart.title, into: width - 40, size: 15)
        let names = chart.rows.map { textWidth($0) }.max() ?? 0
        left = 20 + min(names, width * 0.3) + 10
        let room = width - 20 - left
        let fair = room / Double(max(1, chart.columns.count))
        cellWidth = min(fair, 92)
        let heads = chart.columns.map { [cellWidth] in
            wrapped($0, into: cellWidth - 4, size: Self.headSize)
        }
        let longest = chart.columns.map { textWidth($0) }.max() ?? 0
        let lines = heads.map(\.count).max() ?? 0
        isUpright =
            lines > 3
            || zip(heads, chart.columns).contains { lines, name in
                lines.joined(separator: " ") != name
            }
        headHeight = isUpright ? min(longest, 150) + 10 : 8 + Double(lines) * Self.headLeading
        self.heads = heads
        top = 62 + SVGCanvas.extraHeight(of: title) + headHeight
    }

    private var bottom: Double { top + Double(chart.rows.count) * cellHeight }
    private var height: Double { bottom + Self.keyHeight }

    func document() -> String {
        var drawing = self
        drawing.drawNames()
        for (row, cells) in chart.cells.enumerated() {
            for (column, cell) in cells.enumerated() { drawing.draw(cell, row, column) }
        }
        drawing.drawKey()
        return drawing.canvas.document(
            width: width, height: height, title: chart.title, description: chart.summary,
            rules: HeatmapPalette.sheet)
    }

    private mutating func drawNames() {
        canvas.title(title)
        let axes = [chart.rowTitle, chart.columnTitle].filter { !$0.isEmpty }
        let heading = axes.count == 2 ? "\(axes[0]) (rows), \(axes[1]) (columns)" : axes.first ?? ""
        canvas.text(heading, at: (20, 52 + SVGCanvas.extraHeight(of: title)), class: "q")
        for (row, name) in chart.rows.enumerated() {
            let middle = top + (Double(row) + 0.5) * cellHeight + 4.4
            canvas.text(fitted(name, into: left - 30), at: (left - 10, middle), class: "e")
        }
        for column in chart.columns.indices { drawHead(column) }
    }

    private mutating func drawHead(_ column: Int) {
        let centre = left + (Double(column) + 0.5) * cellWidth
        if isUpright {
            let name = fitted(chart.columns[column], into: headHeight - 10)
            canvas.text(name, at: (centre + 4.4, top - 8), turned: -90)
            return
        }
        for (line, words) in heads[column].reversed().enumerated() {
            let height = top - 8 - Double(line) * Self.headLeading
            canvas.text(words, at: (centre, height), class: "m")
        }
    }

    private mutating func draw(_ cell: Heatmap.Cell?, _ row: Int, _ column: Int) {
        let box = SVGCanvas.Box(
            x: left + Double(column) * cellWidth + Self.gap / 2,
            y: top + Double(row) * cellHeight + Self.gap / 2,
            width: cellWidth - Self.gap, height: cellHeight - Self.gap)
        let step = cell.flatMap { HeatmapPalette.step(of: $0.value, on: chart.scale) }
        let name = step.map(HeatmapPalette.name) ?? "x"
        let ink = (step == nil ? "m q" : "m \(name)") + (cellWidth < 46 ? " k" : "")
        let number = cell.map(digits) ?? "\u{2013}"
        canvas.group(tip(cell, row, column)) { canvas in
            canvas.rectangle(box, class: name)
            let place = (box.x + box.width / 2, box.y + box.height / 2 + 4.4)
            canvas.text(number, at: place, class: ink)
            if cell?.isMarked == true { canvas.rectangle(box, class: "u") }
        }
    }

    /// As many digits as the cell has room for.
    private func digits(_ cell: Heatmap.Cell) -> String {
        guard cell.value.isFinite else { return "\u{2013}" }
        return cellWidth < 46 ? chart.style.shortDigits(cell.value) : chart.style.digits(cell.value)
    }

    /// "CT, MRI: 55.2 % (51.0 to 59.4), 200 questions".
    private func tip(_ cell: Heatmap.Cell?, _ row: Int, _ column: Int) -> String {
        let place = "\(chart.rows[row]), \(chart.columns[column]): "
        guard let cell, cell.value.isFinite else {
            return place + (cell?.note.isEmpty == false ? cell?.note ?? "" : "not measured")
        }
        var text = place + chart.style.value(cell.value)
        if let lower = cell.lower, let upper = cell.upper {
            text += " (\(chart.style.digits(lower)) to \(chart.style.digits(upper)))"
        }
        return cell.note.isEmpty ? text : "\(text), \(cell.note)"
    }

    /// The colours with the values of the middle and of the ends; of one side alone where no value
    /// lies on the other.
    private mutating func drawKey() {
        let values = chart.cells.joined().compactMap { $0?.value }.filter(\.isFinite)
        let isTwoSided = values.contains { $0 < chart.scale.middle }
        let steps = (isTwoSided ? -HeatmapPalette.steps : 0)...HeatmapPalette.steps
        let size = min(14, (width - 20 - left) / Double(steps.count))
        for (place, step) in steps.enumerated() {
            let box = SVGCanvas.Box(
                x: left + Double(place) * size, y: bottom + 16, width: size, height: 10)
            canvas.rectangle(box, class: HeatmapPalette.name(step))
        }
        let marks = isTwoSided ? [steps.lowerBound, 0, steps.upperBound] : [0, steps.upperBound]
        for step in marks {
            let share = Double(step) / Double(HeatmapPalette.steps)
            let value = chart.scale.middle + share * chart.scale.extent
            let x = left + (Double(step - steps.lowerBound) + 0.5) * size
            let unit = step == marks.last ? chart.style.unit : ""
            canvas.text(chart.style.shortDigits(value) + unit, at: (x, bottom + 42), class: "q m")
        }
    }
}
