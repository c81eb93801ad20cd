/// Rows of comma-separated values as RFC 4180 has them: quoted fields may hold commas, doubled
/// quotes and line ends. Line ends are CRLF or LF; a byte order mark and blank lines are skipped.
struct CSVReader {
    struct Row: Equatable {
        /// Where the row begins, from 1.
        let line: Int
        let fields: [String]
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let feed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next row or what is wrong with it; reading goes on behind it. Nil at the end.
    mutating func next() -> Result<Row, RowProblem>? {
        while let byte = peek, byte == Self.feed || byte == Self.carriageReturn { advance() }
        guard peek != nil else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            let field = field()
            guard case .success(let text) = field else {
                skipLine()
                return .failure(RowProblem(line: start, reason: field.fault))
            }
            fields.append(text)
            guard peek == Self.comma else { break }
            advance()
        }
        endLine()
        return .success(Row(line: start, fields: fields))
    }

    private enum Field {
        case success(String)
        case fault(String)

        var fault: String { if case .fault(let reason) = self { reason } else { "" } }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var isAtLineEnd: Bool {
        switch peek {
        case nil, Self.feed: true
        case Self.carriageReturn:
            position + 1 == bytes.count || bytes[position + 1] == Self.feed
        default: false
        }
    }

    private mutating func advance() {
        if peek == Self.feed { line += 1 }
        position += 1
    }

    private mutating func field() -> Field {
        if peek == Self.quote { return quotedField() }
        let start = position
        while !isAtLineEnd, peek != Self.comma {
            if peek == Self.quote { return .fault("a quote inside a field that is not quoted") }
            advance()
        }
        return Self.text(bytes[start..<position])
    }

    private mutating func quotedField() -> Field {
        advance()
        var content: [UInt8] = []
        while let byte = peek {
            advance()
            if byte != Self.quote {
                content.append(byte)
            } else if peek == Self.quote {
                content.append(byte)
                advance()
            } else if isAtLineEnd || peek == Self.comma {
                return Self.text(content[...])
            } else {
                return .fault("text behind the closing quote of a field")
            }
        }
        return .fault("a quoted field does not end")
    }

    private mutating func skipLine() {
        while !isAtLineEnd { advance() }
        endLine()
    }

    private mutating func endLine() {
        if peek == Self.carriageReturn { advance() }
        if peek == Self.feed { advance() }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> Field {
        String(validating: bytes, as: UTF8.self).map(Field.success) ?? .fault("is not UTF-8")
    }
}
