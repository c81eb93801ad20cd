import FileFormats
import Foundation
import Records

/// A summary with the rows it comes from: the folder that `evaluate` writes and `compare` reads.
public struct EvaluationOutput: Sendable, Hashable {
    /// The file of the summary.
    public static let summaryName = "summary.json"
    /// The file of the rows.
    public static let itemsName = "items.jsonl"

    /// What the rows come to.
    public let summary: EvaluationSummary
    /// In the order of the task.
    public let items: [ItemResult]

    /// A summary with its rows.
    public init(summary: EvaluationSummary, items: [ItemResult]) {
        self.summary = summary
        self.items = items
    }

    /// Writes both files, each whole or not at all.
    ///
    /// The summary comes last, and an older one goes first, so that a folder with a summary is
    /// complete. Other files of the folder stay.
    public func write(to folder: URL) throws(FormatError) {
        let summaryFile = folder.appending(path: Self.summaryName)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if FileManager.default.fileExists(atPath: summaryFile.path) {
                try FileManager.default.removeItem(at: summaryFile)
            }
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
        try JSONLines.write(items, to: folder.appending(path: Self.itemsName))
        try writeJSON(summary, to: summaryFile)
    }

    /// Reads a folder that ``write(to:)`` wrote.
    ///
    /// - Throws: `FormatError` with file and line where something is missing or malformed, or where
    ///   the summary is not that of the rows.
    public init(reading folder: URL) throws(FormatError) {
        let summaryFile = folder.appending(path: Self.summaryName)
        let itemsFile = folder.appending(path: Self.itemsName)
        let summary = try Self.summary(summaryFile)
        let items = try Self.items(itemsFile)
        guard summary.n == items.count else {
            throw FormatError(
                file: itemsFile.path,
                reason: "has \(items.count) rows, but the summary says \(summary.n)"
            )
        }
        let correct = items.count { $0.correct }
        guard abs(summary.accuracy * Double(items.count) - Double(correct)) < 0.5 else {
            throw FormatError(
                file: summaryFile.path,
                reason: "its accuracy is not that of \(Self.itemsName)"
            )
        }
        self.init(summary: summary, items: items)
    }

    private static func summary(_ url: URL) throws(FormatError) -> EvaluationSummary {
        // The strict parser says where the file is malformed, the decoder what is missing.
        _ = try JSONDocument.read(url)
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw FormatError(file: url.path, reason: "cannot be read")
        }
        do {
            return try JSONDecoder().decode(EvaluationSummary.self, from: data)
        } catch {
            throw FormatError(file: url.path, reason: reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" "
                + "is not of the right type"
        default: "cannot be decoded"
        }
    }

    private static func items(_ url: URL) throws(FormatError) -> [ItemResult] {
        var items: [ItemResult] = []
        var lines: [String: Int] = [:]
        for result in try JSONLines(url: url) {
            let record = try result.get()
            let item = try record.decode(ItemResult.self)
            if let earlier = lines.updateValue(record.line, forKey: item.id) {
                throw FormatError(
                    file: url.path,
                    item: "line \(record.line)",
                    reason: "has the id of line \(earlier)"
                )
            }
            items.append(item)
        }
        return items
    }
}

/// Writes a value as readable JSON, atomically.
func writeJSON(_ value: some Encodable, to url: URL) throws(FormatError) {
    let data: Data
    do {
        data = try JSONEncoder.pretty.encode(value) + Data("\n".utf8)
    } catch {
        throw FormatError(file: url.path, reason: "a number of it is not finite")
    }
    try AtomicFile.write(data, to: url)
}
