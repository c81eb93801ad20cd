import Foundation

/// Reads the records of a `JSONLines` file one by one.
public struct JSONLinesIterator: IteratorProtocol {
    private enum State {
        case start, lines, firstElement, laterElement, end
    }

    private let file: MappedFile
    private var parser: JSONParser
    private var state = State.start
    private var isEmpty = true
    // The line number of `counted`, a position before the parser's.
    private var line = 1
    private var counted = 0

    init(file: MappedFile) {
        self.file = file
        parser = JSONParser(file.bytes)
    }

    /// The next record or problem, or nil at the end.
    public mutating func next() -> Result<JSONRecord, FormatError>? {
        if state == .start { start() }
        let result =
            switch state {
            case .lines: nextLine()
            case .firstElement, .laterElement: nextElement()
            case .start, .end: Result<JSONRecord, FormatError>?.none
            }
        defer { isEmpty = false }
        if result == nil && isEmpty {
            return .failure(FormatError(file: file.path, reason: "has no records"))
        }
        return result
    }

    private mutating func start() {
        parser.skipByteOrderMark()
        let first = parser.position
        parser.skipWhitespace()
        if parser.skip(UInt8(ascii: "[")) {
            state = .firstElement
        } else {
            parser.position = first
            state = .lines
        }
    }

    private mutating func nextLine() -> Result<JSONRecord, FormatError>? {
        while !parser.isAtEnd {
            let bytes = takeLine()
            var content = JSONParser(bytes)
            content.skipWhitespace()
            let number = line
            line += 1
            if content.isAtEnd { continue }
            return parse(&content, line: number)
        }
        state = .end
        return nil
    }

    /// The bytes up to the next line feed, which is passed over.
    private mutating func takeLine() -> UnsafeRawBufferPointer {
        let start = parser.position
        let rest = UnsafeRawBufferPointer(rebasing: file.bytes[start...])
        let feed = rest.baseAddress.flatMap { memchr($0, 0x0A, rest.count) }
        let count = rest.baseAddress.flatMap { base in feed.map { UnsafeRawPointer($0) - base } }
        parser.position = start + (count.map { $0 + 1 } ?? rest.count)
        return UnsafeRawBufferPointer(rebasing: rest[..<(count ?? rest.count)])
    }

    private func parse(
        _ content: inout JSONParser,
        line: Int
    ) -> Result<JSONRecord, FormatError> {
        do throws(JSONFault) {
            let value = try content.parseValue()
            try content.expectEnd()
            return .success(
                JSONRecord(file: file.path, line: line, value: value, data: Data(content.bytes))
            )
        } catch {
            return .failure(error.located(in: content.bytes, file: file.path, firstLine: line))
        }
    }

    private mutating func nextElement() -> Result<JSONRecord, FormatError>? {
        do throws(JSONFault) {
            if try takeEnd() { return nil }
            parser.skipWhitespace()
            let start = parser.position
            let value = try parser.parseValue()
            countLines(to: start)
            let data = Data(file.bytes[start..<parser.position])
            return .success(
                JSONRecord(file: file.path, line: line, value: value, data: data)
            )
        } catch {
            state = .end
            return .failure(error.located(in: file.bytes, file: file.path))
        }
    }

    /// Whether the array ends here; otherwise passes over the comma before the next element.
    private mutating func takeEnd() throws(JSONFault) -> Bool {
        parser.skipWhitespace()
        if parser.skip(UInt8(ascii: "]")) {
            state = .end
            try parser.expectEnd()
            return true
        }
        if state == .laterElement, !parser.skip(UInt8(ascii: ",")) {
            throw parser.fault("',' or ']' is expected")
        }
        state = .laterElement
        return false
    }

    private mutating func countLines(to position: Int) {
        line += file.bytes[counted..<position].count { $0 == 0x0A }
        counted = position
    }
}
