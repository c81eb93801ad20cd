import Foundation
import Records

/// Appends records to a JSON Lines file that is being written.
public struct JSONLinesWriter {
    private let sink: FileSink
    private let encoder = JSONEncoder.line

    init(sink: FileSink) {
        self.sink = sink
    }

    /// Writes one record on a line of its own.
    public func append(_ record: some Encodable) throws {
        var line = try encoder.encode(record)
        line.append(UInt8(ascii: "\n"))
        try sink.write(line)
    }
}

extension JSONLines {
    /// Replaces a file, atomically, by the records that `body` appends.
    ///
    /// - Throws: What `body` throws (another error than a `FormatError` as the reason of one), or
    ///   the failure of the file system.
    public static func write(
        to url: URL,
        _ body: (JSONLinesWriter) throws -> Void
    ) throws(FormatError) {
        try AtomicFile.write(to: url) { sink in try body(JSONLinesWriter(sink: sink)) }
    }

    /// Replaces a file, atomically, by these records.
    public static func write<Records: Sequence>(
        _ records: Records,
        to url: URL
    ) throws(FormatError) where Records.Element: Encodable {
        try write(to: url) { writer in
            for record in records { try writer.append(record) }
        }
    }
}
