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
    /// - Parameter imageRoot: the folder that paths of images count from; nil for the file's own.
    /// - Throws: `DatasetError.unreadable` when there is no such file.
    public init(scanning url: URL, imageRoot: URL? = nil) throws(DatasetError) {
        let lines: JSONLines
        do {
            lines = try JSONLines(url: url)
        } catch {
            throw .unreadable(file: error.file, reason: error.reason)
        }
        self.init(lines, ImageFolder(imageRoot ?? url.deletingLastPathComponent()))
    }

    /// Reads all of the file.
    ///
    /// - Parameter imageRoot: the folder that paths of images count from; nil for the file's own.
    /// - Throws: `DatasetError.unusable` with every problem of the file, unless the policy is to
    ///   skip; also when no record is left.
    public init(
        reading url: URL, policy: SkipPolicy, imageRoot: URL? = nil
    ) throws(DatasetError) {
        try self.init(scanning: url, imageRoot: imageRoot)
        if records.isEmpty || (policy == .stop && !problems.isEmpty) {
            throw .unusable(problems)
        }
    }

    private init(_ lines: JSONLines, _ folder: ImageFolder) {
        let file = lines.file.path
        var (records, problems) = ([Record](), [RecordProblem]())
        for result in lines {
            switch result {
            case .failure(let error): problems.append(RecordProblem(error))
            case .success(let json):
                let source = RecordSource(line: json.line, value: json.value, folder: folder)
                do throws(RecordFault) {
                    guard json.value.object != nil else { throw .notAnObject }
                    records.append(try Record(source))
                } catch {
                    problems.append(
                        RecordProblem(file: file, line: json.line, id: source.id, fault: error)
                    )
                }
            }
        }
        self.file = file
        self.sha256 = Checksums.sha256(of: lines.file.bytes)
        self.records = records
        self.problems = problems
        self.warnings = Self.duplicates(records, file: file)
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

extension RecordProblem {
    /// A line that is not JSON; the reader says "line 12", possibly with a column behind it.
    init(_ error: FormatError) {
        let digits = (error.item ?? "").drop { !$0.isNumber }.prefix { $0.isNumber }
        self.init(
            file: error.file,
            line: Int(digits) ?? 1,
            id: nil,
            fault: .malformed(error.reason)
        )
    }
}
