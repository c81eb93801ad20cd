import FileFormats
import Foundation
import Randomness

/// A file in folds for cross-validation: every row is tested on once, by what was trained without
/// its group.
///
/// Groups are dealt out in the order that the seed gives them, each to the fold with the fewest
/// rows of its kind (the words asked and the answer), so that folds are alike; the order of the
/// file does not matter.
public struct DatasetFolds: Sendable {
    /// Where one fold's files go.
    public struct Files: Sendable, Hashable {
        public let training: URL
        /// Nil where nothing is held out for validation.
        public let validation: URL?
        public let test: URL

        public init(training: URL, validation: URL?, test: URL) {
            (self.training, self.validation, self.test) = (training, validation, test)
        }
    }

    public let count: Int
    private let rows: [SplitRow]
    private let groups: [UInt64]
    /// The fold that tests each row.
    private let folds: [Int]
    private let seed: UInt64

    /// - Parameters:
    ///   - grouping: nil for images where rows have some, else prompts.
    ///   - count: of folds, two at least.
    /// - Throws: `SplitError` when there are fewer groups than folds, or a row lacks the column to
    ///   part by.
    public init(
        _ file: SplitFile, by grouping: DatasetSplit.Grouping? = nil, count: Int, seed: UInt64
    ) throws(SplitError) {
        let rows = file.rows
        let groups = try file.groups(grouping ?? file.usualGrouping)
        let members = Dictionary(grouping: rows.indices) { groups[$0] }
        guard count >= 2, members.count >= count else {
            throw .folds(count, groups: members.count)
        }
        var folds = [Int](repeating: 0, count: rows.count)
        var sizes = [Int](repeating: 0, count: count)
        var kinds = [[UInt64: Int]](repeating: [:], count: count)
        for key in Self.order(Array(members.keys), seed: seed) {
            let own = members[key] ?? []
            let kind = own.first.map { rows[$0].kind } ?? 0
            let fold = sizes.indices.min {
                (kinds[$0][kind] ?? 0, sizes[$0], $0) < (kinds[$1][kind] ?? 0, sizes[$1], $1)
            }
            guard let fold else { continue }
            for row in own {
                folds[row] = fold
                kinds[fold][rows[row].kind, default: 0] += 1
            }
            sizes[fold] += own.count
        }
        (self.rows, self.groups, self.folds) = (rows, groups, folds)
        (self.count, self.seed) = (count, seed)
    }

    /// Writes a fold's files, each whole or not at all; rows stay as they are but for paths of
    /// images, which count from the new file's folder.
    ///
    /// - Parameters:
    ///   - fold: counted from 0.
    ///   - validationShare: of the rows that are not tested, in whole groups.
    /// - Throws: `FormatError` when a file cannot be written, `SplitError` when the share makes no
    ///   sense.
    public func write(
        fold: Int, to files: Files, validationShare: Double, rebasing: Bool = true
    ) throws {
        let rest = rows.indices.filter { folds[$0] != fold }
        var held = [Bool](repeating: false, count: rest.count)
        if files.validation != nil {
            let wanted = try ValidationSize.fraction(validationShare).count(of: rest.count)
            held = try RecordGroups.heldOut(
                rest.map { groups[$0] }, wanted: wanted, seed: seed &+ UInt64(fold) &+ 1)
        }
        let parts: [(URL?, [Int])] = [
            (files.training, zip(rest, held).filter { !$1 }.map(\.0)),
            (files.validation, zip(rest, held).filter { $1 }.map(\.0)),
            (files.test, rows.indices.filter { folds[$0] == fold }),
        ]
        for (url, places) in parts {
            if let url { try places.map { rows[$0] }.write(to: url, rebasing: rebasing) }
        }
    }

    private static func order(_ groups: [UInt64], seed: UInt64) -> [UInt64] {
        let places = groups.map { group in
            var stream = RandomStream(seed: seed, key: group)
            return (stream.next(), group)
        }
        return places.sorted { $0 < $1 }.map(\.1)
    }
}

extension SplitRow {
    /// What is asked and what is right.
    fileprivate var kind: UInt64 {
        let answers = ["solution", "answer", "completion"].lazy.compactMap { source.word($0) }
        return fnv1a(["\(prompt ?? 0)", answers.first ?? ""])
    }
}
