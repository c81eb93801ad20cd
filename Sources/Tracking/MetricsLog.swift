import FileFormats
import Foundation
import Records

/// The measurements of a run as JSON Lines, `metrics.jsonl`: one `MetricsRow` a line, appended as
/// they come.
///
/// A crash may leave the last line torn; opening the log removes it. After a resumption
/// `truncate(afterStep:)` removes what was measured beyond the checkpoint, so that no step stands
/// twice.
public final class MetricsLog {
    public let url: URL
    private var file: AppendedFile

    /// Opens a log to append to, and creates it where there is none.
    public init(url: URL) throws(FormatError) {
        self.url = url
        try Self.removeTornLine(of: url)
        file = try AppendedFile(url, new: false)
    }

    /// Appends a row, which is the system's at once and on the disk after `synchronize`.
    public func append(_ row: MetricsRow) throws(FormatError) {
        try file.append(Array("\(row.json)\n".utf8))
    }

    /// Returns when all rows are on the disk; to be called before a checkpoint counts as written.
    public func synchronize() throws(FormatError) {
        try file.synchronize()
    }

    /// Removes, atomically, every row whose step is beyond `step`, and lines that are no rows.
    public func truncate(afterStep step: Int) throws(FormatError) {
        let lines = try Self.lines(of: url)
        let kept = lines.filter { line in
            Self.row(line, file: url.path).map { $0.step <= step } ?? false
        }
        guard kept.count < lines.count else { return }
        try AtomicFile.write(Data((kept.map { $0 + [newline] }).joined()), to: url)
        file = try AppendedFile(url, new: false)
    }

    /// The rows of a log in the order of the file; a torn last line is left out.
    ///
    /// - Throws: `FormatError` with the first other line that is not a row, or where the file
    ///   cannot be read.
    public static func rows(of url: URL) throws(FormatError) -> [MetricsRow] {
        let lines = try lines(of: url)
        var rows: [MetricsRow] = []
        for (index, line) in lines.enumerated() {
            if let row = row(line, file: url.path) {
                rows.append(row)
            } else if index < lines.count - 1 {
                let item = "line \(index + 1)"
                throw FormatError(file: url.path, item: item, reason: "is not a row of metrics")
            }
        }
        return rows
    }

    private static func row(_ line: [UInt8], file: String) -> MetricsRow? {
        let json = try? line.withUnsafeBytes { try JSONDocument.parse($0, file: file) }
        return json.flatMap(MetricsRow.init)
    }

    private static func removeTornLine(of url: URL) throws(FormatError) {
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        let bytes = try contents(of: url)
        guard let last = bytes.last, last != newline else { return }
        let whole = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
        try AtomicFile.write(Data(bytes[..<whole]), to: url)
    }

    private static func lines(of url: URL) throws(FormatError) -> [[UInt8]] {
        try contents(of: url).split(separator: newline).map(Array.init)
    }

    private static func contents(of url: URL) throws(FormatError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: url))
        } catch {
            throw FormatError(file: url.path, reason: "cannot read: \(error.localizedDescription)")
        }
    }
}

private let newline = UInt8(ascii: "\n")
