import Records

/// A recursive-descent parser of JSON (RFC 8259) over bytes.
struct JSONParser {
    /// Deep enough for every document of this program, shallow enough for every stack.
    static let maximumDepth = 512

    let bytes: UnsafeRawBufferPointer
    var position = 0
    /// The object that is listed, if one is.
    var listing: JSONListing?
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The byte at the position, or nil at the end.
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func expectEnd() throws(JSONFault) {
        skipWhitespace()
        guard isAtEnd else { throw fault("more text behind the value") }
    }

    /// A value with the whitespace before it.
    mutating func parseValue() throws(JSONFault) -> JSONValue {
        skipWhitespace()
        guard let next else { throw fault("") }
        switch next {
        case UInt8(ascii: "{"): return .object(try nested(Self.parseObject))
        case UInt8(ascii: "["): return .array(try nested(Self.parseArray))
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parse("true", .bool(true))
        case UInt8(ascii: "f"): return try parse("false", .bool(false))
        case UInt8(ascii: "n"): return try parse("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw fault("a value is expected")
        }
    }

    /// Takes the byte if it comes next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    func fault(_ reason: String) -> JSONFault {
        JSONFault(offset: position, reason: isAtEnd ? "the text ends too early" : reason)
    }

    private mutating func nested<Value>(
        _ body: (inout JSONParser) throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        guard depth < Self.maximumDepth else {
            throw fault("nested deeper than \(Self.maximumDepth)")
        }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try body(&self)
    }

    private static func parseArray(_ parser: inout JSONParser) throws(JSONFault) -> [JSONValue] {
        var values: [JSONValue] = []
        parser.skipWhitespace()
        if parser.skip(UInt8(ascii: "]")) { return values }
        parser.listing?.place.append("")
        defer { parser.listing?.place.removeLast() }
        repeat {
            values.append(try parser.parseValue())
            parser.skipWhitespace()
        } while parser.skip(UInt8(ascii: ","))
        guard parser.skip(UInt8(ascii: "]")) else { throw parser.fault("',' or ']' is expected") }
        return values
    }

    private static func parseObject(
        _ parser: inout JSONParser
    ) throws(JSONFault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        parser.skipWhitespace()
        if parser.skip(UInt8(ascii: "}")) { return members }
        let isListed = parser.listing?.isHere == true
        repeat {
            if isListed {
                try parser.listMember()
            } else {
                try parser.parseMember(into: &members)
            }
            parser.skipWhitespace()
        } while parser.skip(UInt8(ascii: ","))
        guard parser.skip(UInt8(ascii: "}")) else { throw parser.fault("',' or '}' is expected") }
        return members
    }

    private mutating func parseMember(
        into members: inout [String: JSONValue]
    ) throws(JSONFault) {
        let (start, key, value) = try parseMember()
        guard members.updateValue(value, forKey: key) == nil else {
            throw Self.isTwice(start)
        }
    }

    private mutating func listMember() throws(JSONFault) {
        let (start, key, value) = try parseMember()
        guard listing?.add(key, value) == true else { throw Self.isTwice(start) }
    }

    private static func isTwice(_ offset: Int) -> JSONFault {
        JSONFault(offset: offset, reason: "the object has this key twice")
    }

    private mutating func parseMember() throws(JSONFault) -> (Int, String, JSONValue) {
        skipWhitespace()
        guard next == UInt8(ascii: "\"") else { throw fault("a key is expected") }
        let start = position
        let key = try parseString()
        skipWhitespace()
        guard skip(UInt8(ascii: ":")) else { throw fault("':' is expected") }
        listing?.place.append(key)
        defer { listing?.place.removeLast() }
        return (start, key, try parseValue())
    }

    private mutating func parse(
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONFault) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard skip(word.utf8Start[index]) else { throw fault("a value is expected") }
        }
        return value
    }
}
