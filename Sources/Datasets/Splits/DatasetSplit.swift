import FileFormats
import Foundation

/// A file in two: rows to train on and rows to test on that have nothing in common.
public struct DatasetSplit: Sendable {
    /// What rows must not have in common across the two files.
    public enum Grouping: String, Sendable, Hashable, CaseIterable {
        /// Images, by the content of their files. Rows without images are parted by their words.
        case image
        /// The words that are to be answered, whatever the images.
        case prompt
        /// The column `id`, or `qid`.
        case id
    }

    /// What the rows were parted by.
    public let grouping: Grouping
    /// What the two parts have in common: nothing of the kind that they were parted by.
    public let overlap: SplitOverlap
    private let file: SplitFile
    private let isHeldOut: [Bool]

    /// Holds out whole groups, in the order that the seed gives them, until there are enough rows;
    /// a large group may make them more. The order of the file does not matter.
    ///
    /// - Parameters:
    ///   - grouping: nil for images where rows have some, else prompts.
    ///   - fraction: of the rows, for the test file.
    /// - Throws: `SplitError` when the fraction makes no sense or nothing would be left to train
    ///   on.
    public init(
        _ file: SplitFile, by grouping: Grouping? = nil, fraction: Double, seed: UInt64
    ) throws(SplitError) {
        let hasImages = file.rows.contains { !$0.images.isEmpty }
        let chosen = grouping ?? (hasImages ? .image : .prompt)
        let groups = RecordGroups.keys(file.rows.map { $0.keys(chosen) })
        let wanted = try ValidationSize.fraction(fraction).count(of: file.rows.count)
        (self.file, self.grouping) = (file, chosen)
        let held = try RecordGroups.heldOut(groups, wanted: wanted, seed: seed)
        isHeldOut = held
        let pairs = zip(file.rows, held)
        overlap = SplitOverlap(
            training: pairs.filter { !$1 }.map(\.0), test: pairs.filter { $1 }.map(\.0))
    }

    /// Writes both files, each whole or not at all: a JSON array where the name ends with `.json`,
    /// else JSON Lines.
    ///
    /// Rows stay as they are, letter by letter, but for line breaks and for paths of images, which
    /// are written so that they count from the folder of the new file.
    ///
    /// - Parameter rebasing: false where paths count from an image root, not from the file.
    /// - Throws: `FormatError` when a file cannot be written.
    public func write(training: URL, test: URL, rebasing: Bool = true) throws(FormatError) {
        for (url, isTest) in [(training, false), (test, true)] {
            let rows = zip(file.rows, isHeldOut).filter { $1 == isTest }.map(\.0)
            try Self.write(rows, to: url, rebasing: rebasing)
        }
    }

    private static func write(
        _ rows: [SplitRow], to url: URL, rebasing: Bool
    ) throws(FormatError) {
        let isArray = url.pathExtension.lowercased() == "json"
        try AtomicFile.write(to: url) { sink in
            for (number, row) in rows.enumerated() {
                let paths = RebasedPaths(
                    from: row.source.folder, to: url.deletingLastPathComponent())
                let columns = rebasing ? paths.columns(of: row.source) : [:]
                if isArray { try sink.write(number == 0 ? "[\n" : ",\n") }
                try sink.write(try row.text.line(replacing: columns))
                if !isArray { try sink.write("\n") }
            }
            if isArray { try sink.write("\n]\n") }
        }
    }
}

extension SplitRow {
    fileprivate func keys(_ grouping: DatasetSplit.Grouping) -> [UInt64] {
        let content = prompt ?? fnv1a([String(decoding: text.bytes, as: UTF8.self)])
        return switch grouping {
        case .image: images.isEmpty ? [content] : images.map(\.key)
        case .prompt: [content]
        case .id: [source.id.map { fnv1a([$0]) } ?? content]
        }
    }
}
