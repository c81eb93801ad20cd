import Records

/// Shows a person how a record becomes tokens and which of them are trained.
///
/// It prints the record's text: that is what it is for, and why nothing else here does.
public struct Preview: Sendable {
    /// How labelled tokens are marked.
    public enum Style: Sendable, Hashable {
        /// Green, and what is not trained dim.
        case colour
        /// Between `⟦` and `⟧`.
        case brackets
    }

    /// How labelled tokens are marked.
    public let style: Style
    private let decode: @Sendable ([Int32]) -> String

    /// - Parameter decode: text for ids, special ones included.
    public init(style: Style, decode: @escaping @Sendable ([Int32]) -> String) {
        self.style = style
        self.decode = decode
    }

    /// A line of counts, then the text; an image is its size in tokens.
    public func text(of example: TokenizedExample) -> String {
        let images = example.images.count
        let counts =
            "\(example.tokenIDs.count) tokens, \(example.labelCount) labelled"
            + (images == 0 ? "" : ", \(images) image\(images == 1 ? "" : "s")")
        let title = "record \(Self.visible(example.id)) (line \(example.line)): \(counts)"
        return title + "\n" + runs(of: example).map(marked).joined() + "\n"
    }

    /// Counts over a file, four lines.
    public func text(of statistics: LengthStatistics, maxLength: Int) -> String {
        let share = (statistics.labelledShare * 1_000).rounded() / 10
        return """
            \(statistics.records) records, \(statistics.tokens) tokens
            labelled: \(statistics.labelled) tokens (\(share) %)
            tokens a record: \(statistics.shortest) min, \(statistics.median) median, \
            \(statistics.percentile95) p95, \(statistics.longest) max
            longer than \(maxLength) tokens: \(statistics.overlong) records

            """
    }

    private struct Run {
        let ids: ArraySlice<Int32>
        let isLabelled: Bool
        var image: ImageGrid?
    }

    private func runs(of example: TokenizedExample) -> [Run] {
        var (runs, start): ([Run], Int) = ([], 0)
        for image in example.images {
            let end = image.start + image.grid.count
            runs += words(of: example, in: start..<image.start)
            let ids = example.tokenIDs[image.start..<end]
            runs.append(Run(ids: ids, isLabelled: false, image: image.grid))
            start = end
        }
        return runs + words(of: example, in: start..<example.tokenCount)
    }

    /// Neighbours with the same label are decoded together: a character may span tokens.
    private func words(of example: TokenizedExample, in rows: Range<Int>) -> [Run] {
        var (runs, start): ([Run], Int) = ([], rows.lowerBound)
        for end in rows.dropFirst() + [rows.upperBound] where end > start {
            if end < rows.upperBound, example.labels[end] == example.labels[start] { continue }
            runs.append(
                Run(ids: example.tokenIDs[start..<end], isLabelled: example.labels[start]))
            start = end
        }
        return runs
    }

    private func marked(_ run: Run) -> String {
        let text = run.image.map(Self.size) ?? Self.visible(decode(Array(run.ids)))
        return switch (style, run.isLabelled) {
        case (.colour, true): "\u{1B}[32m\(text)\u{1B}[0m"
        case (.colour, false): "\u{1B}[2m\(text)\u{1B}[0m"
        case (.brackets, true): "⟦\(text)⟧"
        case (.brackets, false): text
        }
    }

    private static func size(_ grid: ImageGrid) -> String {
        let sides = grid.time == 1 ? [] : [grid.time]
        let text = (sides + [grid.height, grid.width]).map(String.init).joined(separator: " x ")
        return "[image, \(text) tokens]"
    }

    /// Control characters of a record must not reach the terminal.
    private static func visible(_ text: String) -> String {
        var visible = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isKept = scalar == "\n" || scalar == "\t"
            let isControl = scalar.properties.generalCategory == .control
            visible.append(isControl && !isKept ? "\u{FFFD}" : scalar)
        }
        return String(visible)
    }
}
