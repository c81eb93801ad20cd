extension TemplateLexer {
    private static let marks = [
        "==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(",
        ")", "[", "]", "{", "}", "<", ">", "=",
    ].map { (text: $0, bytes: Array($0.utf8)) }

    /// One token inside a tag.
    ///
    /// - Returns: 1 for an opening bracket, -1 for a closing one, else 0.
    mutating func readToken() throws(TemplateError) -> Int {
        switch byte() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        case let first where Self.isName(first):
            append(.name(String(decoding: takeName(), as: UTF8.self)))
        default: return try readMark()
        }
        return 0
    }

    private mutating func readMark() throws(TemplateError) -> Int {
        for mark in Self.marks where bytes[position...].starts(with: mark.bytes) {
            append(.mark(mark.text))
            position += mark.bytes.count
            switch mark.text {
            case "(", "[", "{": return 1
            case ")", "]", "}": return -1
            default: return 0
            }
        }
        throw fault("a character that has no meaning here")
    }

    private mutating func takeName() -> ArraySlice<UInt8> {
        let name = bytes[position...].prefix { Self.isName($0) }
        position += name.count
        return name
    }

    private mutating func readNumber() throws(TemplateError) {
        var digits = takeName()
        let start = digits.startIndex
        if byte() == UInt8(ascii: "."), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(1)) {
            position += 1
            digits = bytes[start..<takeName().endIndex]
        }
        let text = String(decoding: digits.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        if let value = Int(text) {
            append(.integer(value))
        } else if let value = Double(text), value.isFinite {
            append(.float(value))
        } else {
            throw fault("a malformed number")
        }
    }

    private mutating func readString() throws(TemplateError) {
        let start = line
        let quote = byte()
        var text: [UInt8] = []
        advance(1)
        while byte() != quote || position >= bytes.count {
            guard position < bytes.count else {
                throw TemplateError(template: name, line: start, reason: "a string is not closed")
            }
            if byte() == UInt8(ascii: "\\") {
                try readEscape(into: &text)
            } else {
                text.append(byte())
                advance(1)
            }
        }
        advance(1)
        tokens.append(
            TemplateToken(kind: .string(String(decoding: text, as: UTF8.self)), line: start)
        )
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D,
        UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22,
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    ]

    /// An escape of Python's strings; an unknown one stays as it is.
    private mutating func readEscape(into text: inout [UInt8]) throws(TemplateError) {
        let escape = byte(1)
        let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][escape]
        if let digits {
            let code = bytes[position...].dropFirst(2).prefix(digits)
            guard code.count == digits,
                let value = UInt32(String(decoding: code, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            else { throw fault("a malformed escape in a string") }
            text += Array(String(Character(scalar)).utf8)
            advance(2 + digits)
        } else if let plain = Self.escapes[escape] {
            text.append(plain)
            advance(2)
        } else {
            text.append(byte())
            advance(1)
        }
    }
}
