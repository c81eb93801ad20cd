import Foundation
import Records

/// One record of a JSON Lines file.
public struct JSONRecord: Sendable {
    /// The path of the file.
    public let file: String
    /// The line on which the record starts, from 1.
    public let line: Int
    /// The parsed record.
    public let value: JSONValue
    /// The record as it stands in the file.
    public let data: Data

    /// The record as a value of a Swift type.
    ///
    /// - Throws: `FormatError` with the line and what is missing or of the wrong type.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(FormatError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw FormatError(
                file: file,
                item: "line \(line)",
                reason: DecodingReason.describe(error)
            )
        }
    }
}

/// The records of a JSON Lines file, or of a file that holds one JSON array, read one by one.
///
/// Every malformed line is a failure with file, line and reason, never its text, and reading goes
/// on behind it. In a file that starts with `[` the lines are those on which the records start,
/// and the first fault of syntax ends the file. Blank lines, CRLF and a byte order mark are
/// accepted. A file without any record is one failure.
///
///     for result in try JSONLines(url: url) {
///         switch result {
///         case .success(let record): use(record.value)
///         case .failure(let problem): report(problem)
///         }
///     }
public struct JSONLines: Sequence, Sendable {
    /// A record, or what is wrong where one should be.
    public typealias Element = Result<JSONRecord, FormatError>

    /// The mapped file.
    public let file: MappedFile

    /// Opens a file.
    public init(url: URL) throws(FormatError) {
        file = try MappedFile(url: url)
    }

    /// Starts at the first record.
    public func makeIterator() -> JSONLinesIterator {
        JSONLinesIterator(file: file)
    }

    /// All records that are well formed, and all problems of the others.
    public func readAll() -> (records: [JSONRecord], problems: [FormatError]) {
        var records: [JSONRecord] = []
        var problems: [FormatError] = []
        for result in self {
            switch result {
            case .success(let record): records.append(record)
            case .failure(let problem): problems.append(problem)
            }
        }
        return (records, problems)
    }
}
