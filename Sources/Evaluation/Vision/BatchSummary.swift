import FileFormats
import Foundation
import Plots

/// What a batch of files came to: batch.json.
///
/// It is written anew after every file, so that what was done stands in it however the batch ends.
public struct BatchSummary: Sendable, Hashable, Codable {
    /// One file of questions.
    public struct Entry: Sendable, Hashable, Codable {
        public let name: String
        /// The path as it was given.
        public let file: String
        /// Nil until the file is done.
        public var summary: VisionSummary?
        /// Why there is no summary; a file that failed has no accuracy.
        public var error: String?

        public init(name: String, file: String) { (self.name, self.file) = (name, file) }
    }

    /// In the order in which they are asked.
    public var entries: [Entry]

    public init(entries: [Entry]) { self.entries = entries }

    /// How many files could not be evaluated.
    public var failures: Int { entries.count { $0.error != nil } }

    /// Writes batch.json and batch.md, each whole or not at all.
    public func write(to folder: URL) throws(FormatError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
        try AtomicFile.write(markdown(), to: folder.appending(path: "batch.md"))
        try writeJSON(self, to: folder.appending(path: "batch.json"))
    }

    /// For a terminal: one row for each file and template.
    public func table() -> String {
        let rows = [reportTable.columns.map(\.title)] + reportTable.rows
        return ([reportTable.caption] + TextTable.lines(rows, width: 120) + notes)
            .joined(separator: "\n")
    }

    func markdown() -> String {
        ([reportTable.markdown] + notes).joined(separator: "\n\n") + "\n"
    }

    private var reportTable: ReportTable {
        ReportTable(
            caption: "\(entries.count) files",
            columns: [
                .text("file"), .text("template"), .number("n"), .number("forgiving"),
                .number("strict"), .number("best control"), .number("visual gain"),
                .number("95 % interval"),
            ],
            rows: entries.flatMap(rows))
    }

    private func rows(_ entry: Entry) -> [[String]] {
        guard let summary = entry.summary else {
            let state = entry.error == nil ? "not done" : "error"
            return [[entry.name, state, "", "", "", "", "", ""]]
        }
        return summary.templates.compactMap { template in
            guard let row = template.rows.first else { return nil }
            let gain = row.visualGain
            return [
                entry.name, template.template.rawValue, "\(row.n)", percent(row.accuracy.value),
                row.strict.map { percent($0.value) } ?? VisionSummary.none,
                gain.map { "\($0.over) \(percent(row.control($0.over) ?? 0))" }
                    ?? VisionSummary.none,
                gain.map { points($0.value) } ?? VisionSummary.none,
                gain.map { pointRange($0.interval) } ?? VisionSummary.none,
            ]
        }
    }

    private var notes: [String] {
        entries.compactMap { entry in entry.error.map { "\(entry.name): error: \($0)" } }
    }
}

extension VisionSummary {
    /// Reads vision.json of a folder.
    ///
    /// - Throws: `FormatError` where it is missing or damaged.
    public init(reading folder: URL) throws(FormatError) {
        let file = folder.appending(path: "vision.json")
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw FormatError(file: file.path, reason: "cannot be read")
        }
        do {
            self = try JSONDecoder().decode(VisionSummary.self, from: data)
        } catch {
            throw FormatError(file: file.path, reason: "is not a summary of image questions")
        }
    }
}
