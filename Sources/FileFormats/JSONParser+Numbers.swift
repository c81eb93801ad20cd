import Records

extension JSONParser {
    /// A number: whole where it is written without fraction and exponent and fits into `Int`.
    mutating func parseNumber() throws(JSONFault) -> JSONValue {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        let isZero = next == UInt8(ascii: "0")
        let digits = try skipDigits()
        guard !isZero || digits == 1 else {
            throw JSONFault(offset: start, reason: "a number starts with a zero")
        }
        let isWhole = try !skipFraction()
        let hasExponent = try skipExponent()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, !hasExponent, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw JSONFault(offset: start, reason: "a number is out of range")
        }
        return .number(value)
    }

    private mutating func skipDigits() throws(JSONFault) -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        guard position > start else { throw fault("a digit is expected") }
        return position - start
    }

    private mutating func skipFraction() throws(JSONFault) -> Bool {
        guard skip(UInt8(ascii: ".")) else { return false }
        _ = try skipDigits()
        return true
    }

    private mutating func skipExponent() throws(JSONFault) -> Bool {
        guard skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) else { return false }
        if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
        _ = try skipDigits()
        return true
    }
}
