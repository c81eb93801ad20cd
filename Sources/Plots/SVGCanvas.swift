/// The one place that writes SVG: shapes in the classes of `ChartStyle`, text always escaped.
struct SVGCanvas {
    private var body = ""

    mutating func line(
        from start: (x: Double, y: Double),
        to end: (x: Double, y: Double),
        class name: String
    ) {
        let ends = [("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y)]
        body += "<line class=\"\(name)\"\(attributes(ends))/>\n"
    }

    mutating func dot(at centre: (x: Double, y: Double), radius: Double, class name: String) {
        let place = [("cx", centre.x), ("cy", centre.y), ("r", radius)]
        body += "<circle class=\"\(name)\"\(attributes(place))/>\n"
    }

    /// Straight lines through each run of points.
    mutating func path(_ runs: [[(x: Double, y: Double)]], class name: String) {
        let commands = runs.map { run in
            "M" + run.map { "\(coordinate($0.x)) \(coordinate($0.y))" }.joined(separator: "L")
        }
        guard !commands.isEmpty else { return }
        body += "<path class=\"\(name)\" d=\"\(commands.joined())\"/>\n"
    }

    mutating func text(
        _ content: String,
        at point: (x: Double, y: Double),
        class name: String? = nil
    ) {
        let name = name.map { " class=\"\($0)\"" } ?? ""
        let place = attributes([("x", point.x), ("y", point.y)])
        body += "<text\(name)\(place)>\(escaped(content))</text>\n"
    }

    /// A text turned about the point where it begins, by degrees clockwise.
    mutating func text(_ content: String, at point: (x: Double, y: Double), turned angle: Double) {
        let place = attributes([("x", point.x), ("y", point.y)])
        let (x, y) = (coordinate(point.x), coordinate(point.y))
        let turn = " transform=\"rotate(\(coordinate(angle)) \(x) \(y))\""
        body += "<text\(place)\(turn)>\(escaped(content))</text>\n"
    }

    /// A rectangle with its corner of the smallest coordinates.
    struct Box {
        let x: Double
        let y: Double
        let width: Double
        let height: Double
    }

    mutating func rectangle(_ box: Box, class name: String) {
        let place = [("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height)]
        body += "<rect class=\"\(name)\"\(attributes(place)) rx=\"2\"/>\n"
    }

    /// Shapes that show a text to the reader who points at them.
    mutating func group(_ tip: String, _ draw: (inout SVGCanvas) -> Void) {
        body += "<g><title>\(escaped(tip))</title>\n"
        draw(&self)
        body += "</g>\n"
    }

    /// The title of a chart, at its upper left.
    mutating func title(_ lines: [String]) {
        for (index, line) in lines.enumerated() {
            text(line, at: (20, 30 + Double(index) * Self.titleLeading), class: "h")
        }
    }

    /// The distance between two lines of a title.
    static let titleLeading = 20.0

    /// How much lower everything below a title starts because of its further lines.
    static func extraHeight(of title: [String]) -> Double {
        Double(max(0, title.count - 1)) * titleLeading
    }

    private func attributes(_ values: [(name: String, value: Double)]) -> String {
        values.map { " \($0.name)=\"\(coordinate($0.value))\"" }.joined()
    }

    /// The whole element.
    ///
    /// Its identifiers come from its content, so that charts of one page differ and the same chart
    /// is always the same text.
    ///
    /// - Parameter rules: styles beside those of every chart.
    func document(
        width: Double, height: Double, title: String, description: String, rules: String = ""
    ) -> String {
        let size = "\(coordinate(width)) \(coordinate(height))"
        let id = "pl" + String(fingerprint(title + description + size + body), radix: 36)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" class="pl" role="img" viewBox="0 0 \(size)" \
            width="\(coordinate(width))" height="\(coordinate(height))" \
            style="max-width:100%;height:auto" \
            aria-labelledby="\(id)t \(id)d">
            <title id="\(id)t">\(escaped(title))</title>
            <desc id="\(id)d">\(escaped(description))</desc>
            <style>\(ChartStyle.sheet)\(rules)</style>
            <rect class="bg" width="100%" height="100%" rx="8"/>
            \(body)</svg>
            """
    }

    /// FNV-1a of the text's UTF-8.
    private func fingerprint(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
