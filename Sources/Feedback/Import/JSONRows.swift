import FileFormats
import Foundation
import Records

/// The objects of uploaded JSON Lines; blank lines, CRLF and a byte order mark are accepted.
struct JSONRows: Sequence, IteratorProtocol {
    struct Row {
        /// From 1.
        let line: Int
        let columns: [String: JSONValue]
    }

    private var rest: Data
    private var line = 0

    init(_ data: Data) {
        let mark = Data([0xEF, 0xBB, 0xBF])
        rest = data.starts(with: mark) ? data.dropFirst(mark.count) : data
    }

    /// The next object or what is wrong with its line; nil at the end.
    mutating func next() -> Result<Row, RowProblem>? {
        while !rest.isEmpty {
            let text = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(text.count + 1)
            line += 1
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            return parse(text)
        }
        return nil
    }

    private func parse(_ text: Data) -> Result<Row, RowProblem> {
        do {
            let value = try text.withUnsafeBytes { try JSONDocument.parse($0, file: "") }
            guard let columns = value.object else {
                return .failure(RowProblem(line: line, reason: "is not a JSON object"))
            }
            return .success(Row(line: line, columns: columns))
        } catch {
            let reason = (error as? FormatError)?.reason ?? "is not JSON"
            return .failure(RowProblem(line: line, reason: reason))
        }
    }
}
