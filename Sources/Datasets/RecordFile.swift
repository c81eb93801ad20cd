import FileFormats
import Foundation
import Records

/// The records of a JSON Lines file, or of a file that is one JSON array, with everything that is
/// wrong with it.
public struct RecordFile<Record: DatasetRecord>: Sendable {
    /// The path, as problems name it.
    public let file: String
    /// Of the file's bytes, in hexadecimal, for the run's manifest.
    public let sha256: String
    /// In the order of the file.
    public let records: [Record]
    /// In the order of the file.
    public let problems: [RecordProblem]
    /// What is odd but stops nothing.
    public let warnings: [RecordWarning]

    /// Reads all of the file, whatever is wrong with single records.
    ///
    /// - Parameter images: where images are, as far as the file does not say.
    /// - Throws: `DatasetError.unreadable` when there is no such file.
    public init(scanning url: URL, images: ImageOrigin = ImageOrigin()) throws(DatasetError) {
        let scan = try RecordScan(url, images: images) { source, _ throws(RecordFault) in
            try Record(source)
        }
        (file, sha256) = (scan.file, scan.sha256)
        (records, problems) = (scan.rows, scan.problems)
        warnings = Self.duplicates(scan.rows, file: scan.file)
    }

    /// Reads all of the file.
    ///
    /// - Parameter images: where images are, as far as the file does not say.
    /// - Throws: `DatasetError.unusable` with every problem of the file, unless the policy is to
    ///   skip; also when no record is left.
    public init(
        reading url: URL, policy: SkipPolicy, images: ImageOrigin = ImageOrigin()
    ) throws(DatasetError) {
        try self.init(scanning: url, images: images)
        if records.isEmpty || (policy == .stop && !problems.isEmpty) {
            throw .unusable(problems)
        }
    }

    private static func duplicates(_ records: [Record], file: String) -> [RecordWarning] {
        var lines: [String: [Int]] = [:]
        for record in records {
            if let id = record.id { lines[id, default: []].append(record.line) }
        }
        return lines.filter { $0.value.count > 1 }
            .sorted { $0.value[0] < $1.value[0] }
            .map { .duplicateID($0.key, file: file, lines: $0.value) }
    }
}
