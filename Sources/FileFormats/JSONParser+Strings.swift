extension JSONParser {
    /// A string; the position is at its opening quote.
    mutating func parseString() throws(JSONFault) -> String {
        position += 1
        let start = position
        try skipPlainText()
        if next == UInt8(ascii: "\"") {
            let content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
            position += 1
            return try text(content, start: start)
        }
        return try parseEscapedString(start: start)
    }

    private mutating func parseEscapedString(start: Int) throws(JSONFault) -> String {
        var content = Array(bytes[start..<position])
        while !skip(UInt8(ascii: "\"")) {
            try parseEscape(into: &content)
            let plain = position
            try skipPlainText()
            content += bytes[plain..<position]
        }
        return try content.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
            try text(UnsafeRawBufferPointer(bytes), start: start)
        }
    }

    /// Moves to the next quote or backslash.
    private mutating func skipPlainText() throws(JSONFault) {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            guard byte >= 0x20 else { throw fault("a control character in a string") }
            position += 1
        }
        throw fault("")
    }

    private func text(
        _ content: UnsafeRawBufferPointer,
        start: Int
    ) throws(JSONFault) -> String {
        guard let text = StrictUTF8.string(content) else {
            throw JSONFault(offset: start, reason: "a string is not valid UTF-8")
        }
        return text
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(JSONFault) {
        position += 1
        guard let letter = next else { throw fault("") }
        if letter == UInt8(ascii: "u") {
            let scalar = try parseUnicodeEscape()
            content += Array(String(Character(scalar)).utf8)
        } else if let byte = Self.escapes[letter] {
            content.append(byte)
            position += 1
        } else {
            throw fault("an unknown escape")
        }
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    /// A scalar from `uXXXX`, or from two of them that form a surrogate pair.
    private mutating func parseUnicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        let high = try parseCodeUnit()
        var code = high
        if (0xD800..<0xDC00).contains(high), skip(UInt8(ascii: "\\")) {
            let low = try parseCodeUnit()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half a surrogate pair") }
            code = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
        return scalar
    }

    /// Four hexadecimal digits behind a `u`.
    private mutating func parseCodeUnit() throws(JSONFault) -> UInt32 {
        guard skip(UInt8(ascii: "u")) else { throw fault("half a surrogate pair") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are expected")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
