import FileFormats
import Foundation
import Records

/// The JSON object of a row, letter by letter, so that it can go into another file as it is.
struct RowText {
    /// Valid JSON, an object.
    let bytes: [UInt8]

    init(_ data: Data) { bytes = [UInt8](data) }

    /// The row on one line, with some columns written anew; nothing else changes but line breaks
    /// and the indentation behind them.
    func line(replacing columns: [String: JSONValue] = [:]) throws -> [UInt8] {
        guard !columns.isEmpty else { return Self.onOneLine(bytes[...]) }
        let encoder = JSONEncoder.line
        var (result, done): ([UInt8], Int) = ([], 0)
        for member in members() {
            guard let value = columns[member.key] else { continue }
            result += Self.onOneLine(bytes[done..<member.value.lowerBound])
            result += try encoder.encode(value)
            done = member.value.upperBound
        }
        return result + Self.onOneLine(bytes[done...])
    }

    private static func onOneLine(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var (result, isBreak): ([UInt8], Bool) = ([], false)
        // Strings of JSON have no line breaks of their own.
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                isBreak = true
            } else if !isBreak || !byte.isBlank {
                result.append(byte)
                isBreak = false
            }
        }
        return result
    }

    /// The object's own members, with the bytes of their values.
    private func members() -> [(key: String, value: Range<Int>)] {
        var (members, place) = ([(String, Range<Int>)](), 0)
        place = skip(from: place) { $0.isSpace || $0 == UInt8(ascii: "{") }
        while place < bytes.count, bytes[place] == .quote {
            let end = endOfValue(from: place)
            let key = try? JSONDecoder().decode(String.self, from: Data(bytes[place..<end]))
            let start = skip(from: end) { $0.isSpace || $0 == UInt8(ascii: ":") }
            place = endOfValue(from: start)
            if let key { members.append((key, start..<place)) }
            place = skip(from: place) { $0.isSpace || $0 == UInt8(ascii: ",") }
        }
        return members
    }

    private func skip(from start: Int, while isSkipped: (UInt8) -> Bool) -> Int {
        bytes[start...].firstIndex { !isSkipped($0) } ?? bytes.count
    }

    /// Where a string, a number, a word, a list or an object ends.
    private func endOfValue(from start: Int) -> Int {
        var (depth, isText, place) = (0, false, start)
        while place < bytes.count {
            let byte = bytes[place]
            if isText {
                if byte == UInt8(ascii: "\\") { place += 1 }
                if byte == .quote { isText = false }
            } else if byte == .quote {
                isText = true
            } else if "[{".utf8.contains(byte) {
                depth += 1
            } else if "]}".utf8.contains(byte) {
                if depth == 0 { return place }
                depth -= 1
            } else if depth == 0, byte.isSpace || ",:".utf8.contains(byte) {
                return place
            }
            place += 1
        }
        return bytes.count
    }
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate var isBlank: Bool { self == 32 || self == 9 }
    fileprivate var isSpace: Bool { isBlank || self == 10 || self == 13 }
}
