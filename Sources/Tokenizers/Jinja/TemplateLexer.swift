/// Cuts a template into tokens, with Jinja's whitespace control: `trim_blocks` and
/// `lstrip_blocks` on, one line break at the very end dropped.
struct TemplateLexer {
    let name: String
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var tokens: [TemplateToken] = []
    /// Whether what comes next begins a line of the template.
    private var startsLine = true

    private init(_ source: String, name: String) {
        self.name = name
        bytes = Self.withUnixLineBreaks(source)
    }

    static func tokens(of source: String, name: String) throws(TemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(source, name: name)
        while lexer.position < lexer.bytes.count { try lexer.readTextAndTag() }
        lexer.append(.end)
        return lexer.tokens
    }

    private static func withUnixLineBreaks(_ source: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.utf8.count)
        var afterReturn = false
        for byte in source.utf8 {
            if byte == 0x0D { bytes.append(0x0A) }
            if byte != 0x0D, !(byte == 0x0A && afterReturn) { bytes.append(byte) }
            afterReturn = byte == 0x0D
        }
        if bytes.last == 0x0A { bytes.removeLast() }
        return bytes
    }

    mutating func append(_ kind: TemplateToken.Kind) {
        tokens.append(TemplateToken(kind: kind, line: line))
    }

    func fault(_ reason: String) -> TemplateError {
        TemplateError(template: name, line: line, reason: reason)
    }

    /// The byte at an offset from the position, 0 behind the end.
    func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    /// Moves on, counting lines.
    mutating func advance(_ count: Int) {
        for index in position..<min(position + count, bytes.count) where bytes[index] == 0x0A {
            line += 1
        }
        position = min(position + count, bytes.count)
    }

    mutating func skipWhitespace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { advance(1) }
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

extension TemplateLexer {
    private mutating func readTextAndTag() throws(TemplateError) {
        let start = position
        var tag = position
        while tag < bytes.count, !isTag(tag) { tag += 1 }
        guard tag < bytes.count else {
            appendText(start..<tag)
            return position = tag
        }
        let opener = bytes[tag + 1]
        let sign = tag + 2 < bytes.count ? bytes[tag + 2] : 0
        appendText(start..<textEnd(start, tag, opener: opener, sign: sign))
        advance(tag - start + 2)
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { advance(1) }
        switch opener {
        case UInt8(ascii: "#"): try skipComment()
        case UInt8(ascii: "%"):
            if isRaw() { return try readRaw() }
            append(.blockBegin)
            try readInside(UInt8(ascii: "%"), .blockEnd)
        default:
            append(.outputBegin)
            try readInside(UInt8(ascii: "}"), .outputEnd)
        }
    }

    private func isTag(_ index: Int) -> Bool {
        guard bytes[index] == UInt8(ascii: "{"), index + 1 < bytes.count else { return false }
        return [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(bytes[index + 1])
    }

    private mutating func appendText(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        append(.text(String(decoding: bytes[range], as: UTF8.self)))
    }

    /// Where the text before a tag ends once whitespace is controlled.
    private func textEnd(_ start: Int, _ tag: Int, opener: UInt8, sign: UInt8) -> Int {
        var end = tag
        if sign == UInt8(ascii: "-") {
            while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
            return end
        }
        guard sign != UInt8(ascii: "+"), opener != UInt8(ascii: "{") else { return tag }
        while end > start, bytes[end - 1] != 0x0A, Self.isSpace(bytes[end - 1]) { end -= 1 }
        let beginsLine = end > start ? bytes[end - 1] == 0x0A : startsLine
        return beginsLine ? end : tag
    }

    /// Tokens up to the end of a tag, which counts only outside of brackets.
    private mutating func readInside(
        _ closer: UInt8,
        _ kind: TemplateToken.Kind
    ) throws(TemplateError) {
        var depth = 0
        while true {
            skipWhitespace()
            guard position < bytes.count else { throw fault("a tag is not closed") }
            if depth == 0, try closeTag(closer) { return append(kind) }
            depth += try readToken()
        }
    }

    /// Takes the end of a tag if it comes next, and the whitespace that goes with it.
    private mutating func closeTag(_ closer: UInt8) throws(TemplateError) -> Bool {
        let hasSign = byte() == UInt8(ascii: "-") || byte() == UInt8(ascii: "+")
        let offset = hasSign ? 1 : 0
        guard byte(offset) == closer, byte(offset + 1) == UInt8(ascii: "}") else { return false }
        let sign = hasSign ? byte() : 0
        advance(offset + 2)
        trimBehindTag(sign, dropsNewline: closer != UInt8(ascii: "}"))
        return true
    }

    private mutating func trimBehindTag(_ sign: UInt8, dropsNewline: Bool) {
        let start = position
        if sign == UInt8(ascii: "-") {
            skipWhitespace()
        } else if dropsNewline, sign == 0, byte() == 0x0A {
            advance(1)
        }
        startsLine = position > start && bytes[position - 1] == 0x0A
    }

    private mutating func skipComment() throws(TemplateError) {
        while position < bytes.count {
            if byte() == UInt8(ascii: "#"), byte(1) == UInt8(ascii: "}") {
                let last = bytes[position - 1]
                let hasSign = last == UInt8(ascii: "-") || last == UInt8(ascii: "+")
                advance(2)
                return trimBehindTag(hasSign ? last : 0, dropsNewline: true)
            }
            advance(1)
        }
        throw fault("a comment is not closed")
    }
}

extension TemplateLexer {
    private func isRaw() -> Bool {
        word(at: position) == "raw"
    }

    /// The name at a place, after whitespace.
    private func word(at start: Int) -> String {
        let rest = bytes[start...].drop { Self.isSpace($0) }
        return String(decoding: rest.prefix { Self.isName($0) }, as: UTF8.self)
    }

    static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
    }

    /// `{% raw %}`: text until `{% endraw %}`.
    private mutating func readRaw() throws(TemplateError) {
        skipWhitespace()
        advance(3)
        skipWhitespace()
        guard try closeTag(UInt8(ascii: "%")) else { throw fault("'raw' takes no arguments") }
        let start = position
        while position < bytes.count {
            let hasSign = byte(2) == UInt8(ascii: "-") || byte(2) == UInt8(ascii: "+")
            let inside = position + (hasSign ? 3 : 2)
            if byte() == UInt8(ascii: "{"), byte(1) == UInt8(ascii: "%"),
                inside <= bytes.count, word(at: inside) == "endraw"
            {
                let sign = hasSign ? byte(2) : 0
                appendText(start..<textEnd(start, position, opener: 0x25, sign: sign))
                return try closeRaw(inside)
            }
            advance(1)
        }
        throw fault("'raw' is not closed")
    }

    private mutating func closeRaw(_ inside: Int) throws(TemplateError) {
        advance(inside - position)
        skipWhitespace()
        advance(6)
        skipWhitespace()
        guard try closeTag(UInt8(ascii: "%")) else { throw fault("'endraw' takes no arguments") }
    }
}
