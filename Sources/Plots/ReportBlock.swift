/// What a section of a report is made of.
public enum ReportBlock: Sendable {
    case paragraph(String)
    /// A few numbers that say it all, large.
    case keyFigures([KeyFigure])
    case table(ReportTable)
    /// A chart, drawn once for wide and once for narrow pages, and a caption below it.
    case chart(any Chart, caption: String)
    /// Pictures beside each other.
    case pictures([Picture])
    /// Text as it is, with its line breaks.
    case code(String)
    /// Blocks that show when the reader opens the summary.
    case details(summary: String, [ReportBlock])
    /// A question and what different systems answered, side by side.
    case comparison(Comparison)
}

/// A picture of pixels and what it shows.
public struct Picture: Sendable, Hashable {
    /// The bytes of a PNG file.
    public var png: [UInt8]
    public var caption: String

    public init(png: [UInt8], caption: String) {
        (self.png, self.caption) = (png, caption)
    }
}

/// A number to remember and what it counts.
public struct KeyFigure: Sendable, Hashable {
    public var label: String
    public var value: String
    /// What puts the value in its place, as its interval.
    public var note: String

    public init(label: String, value: String, note: String) {
        self.label = label
        self.value = value
        self.note = note
    }
}

/// A table whose columns know whether they hold words or numbers.
public struct ReportTable: Sendable, Hashable {
    public struct Column: Sendable, Hashable {
        public var title: String
        /// Numbers are aligned right, in figures of equal width.
        public var isNumeric: Bool

        public static func text(_ title: String) -> Column {
            Column(title: title, isNumeric: false)
        }

        public static func number(_ title: String) -> Column {
            Column(title: title, isNumeric: true)
        }
    }

    public var caption: String
    public var columns: [Column]
    public var rows: [[String]]

    /// Traps unless each row has a cell for each column.
    public init(caption: String, columns: [Column], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row of another width")
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }
}

/// One question, the answer expected, and the answers given.
public struct Comparison: Sendable, Hashable {
    public struct Answer: Sendable, Hashable {
        /// Who answered, as "before training".
        public var label: String
        public var text: String
        /// Nil where there is no right and wrong.
        public var isRight: Bool?

        public init(label: String, text: String, isRight: Bool?) {
            self.label = label
            self.text = text
            self.isRight = isRight
        }
    }

    public var prompt: String
    /// Nil where there is no single answer to expect.
    public var expected: String?
    public var answers: [Answer]

    public init(prompt: String, expected: String?, answers: [Answer]) {
        self.prompt = prompt
        self.expected = expected
        self.answers = answers
    }
}
