import FileFormats
import Foundation

/// A file in two: rows to train on and rows to test on that have nothing in common.
public struct DatasetSplit: Sendable {
    /// What rows must not have in common across files.
    public enum Grouping: Sendable, Hashable, CustomStringConvertible {
        /// Images, by the content of their files. Rows without images are parted by their words.
        case image
        /// The words that are to be answered, whatever the images.
        case prompt
        /// The column `id`, or `qid`.
        case id
        /// A column's value, such as a patient's number, and images.
        case column(String)

        /// `image`, `prompt`, `id`, or any other word for a column.
        public init(_ name: String) {
            switch name {
            case "image": self = .image
            case "prompt": self = .prompt
            case "id": self = .id
            default: self = .column(name)
            }
        }

        public var description: String {
            switch self {
            case .image: "image"
            case .prompt: "prompt"
            case .id: "id"
            case .column(let name): name
            }
        }
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
    /// - Throws: `SplitError` when the fraction makes no sense, nothing would be left to train on,
    ///   or a row lacks the column to part by.
    public init(
        _ file: SplitFile, by grouping: Grouping? = nil, fraction: Double, seed: UInt64
    ) throws(SplitError) {
        let chosen = grouping ?? file.usualGrouping
        let groups = try file.groups(chosen)
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
            try rows.write(to: url, rebasing: rebasing)
        }
    }
}

extension SplitFile {
    /// Images where rows have some, else prompts.
    var usualGrouping: DatasetSplit.Grouping {
        rows.contains { !$0.images.isEmpty } ? .image : .prompt
    }

    /// One key for all rows that must not be parted, in the order of the file.
    ///
    /// - Throws: `SplitError.noColumn` when a row lacks the column to part by.
    func groups(_ grouping: DatasetSplit.Grouping) throws(SplitError) -> [UInt64] {
        var keys: [[UInt64]] = []
        for row in rows {
            guard let own = row.keys(grouping) else {
                throw .noColumn("\(grouping)", file: file, line: row.source.line)
            }
            keys.append(own)
        }
        return RecordGroups.keys(keys)
    }
}

extension SplitFile {
    /// A key for the value of a column in each row, by the line where the row begins.
    ///
    /// - Throws: `SplitError.noColumn` when a row has none.
    public func keys(ofColumn name: String) throws(SplitError) -> [Int: UInt64] {
        var keys: [Int: UInt64] = [:]
        for row in rows {
            guard let word = row.source.word(name) else {
                throw .noColumn(name, file: file, line: row.source.line)
            }
            keys[row.source.line] = fnv1a([name, word])
        }
        return keys
    }
}

extension [SplitRow] {
    /// Writes the rows, all or none: a JSON array where the name ends with `.json`, else JSON
    /// Lines.
    func write(to url: URL, rebasing: Bool) throws(FormatError) {
        let isArray = url.pathExtension.lowercased() == "json"
        try AtomicFile.write(to: url) { sink in
            for (number, row) in enumerated() {
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
    /// Nil where the row lacks the column to part by.
    fileprivate func keys(_ grouping: DatasetSplit.Grouping) -> [UInt64]? {
        let content = prompt ?? fnv1a([String(decoding: text.bytes, as: UTF8.self)])
        let pictures = images.map(\.key)
        switch grouping {
        case .image: return pictures.isEmpty ? [content] : pictures
        case .prompt: return [content]
        case .id: return [source.id.map { fnv1a([$0]) } ?? content]
        case .column(let name): return source.word(name).map { [fnv1a([name, $0])] + pictures }
        }
    }
}

extension RecordSource {
    /// A column's text or whole number, which tells records apart; nil where it is empty.
    public func word(_ column: String) -> String? {
        guard let value = columns[column] else { return nil }
        let word = value.string ?? value.integer.map(String.init) ?? ""
        return word.isEmpty ? nil : word
    }
}
