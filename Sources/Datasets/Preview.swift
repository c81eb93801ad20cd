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

    /// A line of counts, then the text.
    public func text(of example: TokenizedExample) -> String {
        let counts = "\(example.tokenIDs.count) tokens, \(example.labelCount) labelled"
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

    private typealias Run = (ids: ArraySlice<Int32>, isLabelled: Bool)

    /// Neighbours with the same label are decoded together: a character may span tokens.
    private func runs(of example: TokenizedExample) -> [Run] {
        var (runs, start): ([Run], Int) = ([], 0)
        for end in 1..<(example.labels.count + 1) {
            if end < example.labels.count, example.labels[end] == example.labels[start] { continue }
            runs.append((example.tokenIDs[start..<end], example.labels[start]))
            start = end
        }
        return runs
    }

    private func marked(_ run: Run) -> String {
        let text = Self.visible(decode(Array(run.ids)))
        return switch (style, run.isLabelled) {
        case (.colour, true): "\u{1B}[32m\(text)\u{1B}[0m"
        case (.colour, false): "\u{1B}[2m\(text)\u{1B}[0m"
        case (.brackets, true): "⟦\(text)⟧"
        case (.brackets, false): text
        }
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
