/// How much of what is tested also stands in what is trained on.
public struct SplitOverlap: Sendable, Hashable {
    public let trainingRecords: Int
    public let testRecords: Int
    /// Pictures of the training file; the same content under two names is one.
    public let trainingImages: Int
    /// Pictures of the test file.
    public let testImages: Int
    /// Pictures of the test file that also stand in the training file.
    public let sharedImages: Int
    /// Those of them that have no path in common: copies under another name.
    public let renamedImages: Int
    /// Test records with such a picture.
    public let recordsWithSharedImages: Int
    /// Questions of the test file, by their words alone.
    public let testPrompts: Int
    /// Those of them that are also asked in the training file.
    public let sharedPrompts: Int
    /// Test records of which a training record has the same question and the same images.
    public let repeatedRecords: Int
    /// Image files of either file that are not there, which were compared by their paths.
    public let missingFiles: Int

    /// Compares two files.
    public init(training: SplitFile, test: SplitFile) {
        self.init(training: training.rows, test: test.rows)
    }

    init(training: [SplitRow], test: [SplitRow]) {
        let (known, tested) = (Pictures(training), Pictures(test))
        let shared = Set(tested.paths.keys).intersection(known.paths.keys)
        (trainingRecords, testRecords) = (training.count, test.count)
        (trainingImages, testImages) = (known.paths.count, tested.paths.count)
        sharedImages = shared.count
        renamedImages = shared.count {
            tested.paths[$0, default: []].isDisjoint(with: known.paths[$0, default: []])
        }
        recordsWithSharedImages = test.count { row in
            row.images.contains { shared.contains($0.key) }
        }
        let asked = Set(training.compactMap(\.prompt))
        let prompts = Set(test.compactMap(\.prompt))
        (testPrompts, sharedPrompts) = (prompts.count, prompts.intersection(asked).count)
        let content = Set(training.compactMap(\.content))
        repeatedRecords = test.count { $0.content.map(content.contains) ?? false }
        missingFiles = known.missing.union(tested.missing).count
    }

    /// The pictures of a file, with the paths each has.
    private struct Pictures {
        var paths: [UInt64: Set<String>] = [:]
        var missing: Set<String> = []

        init(_ rows: [SplitRow]) {
            for image in rows.flatMap(\.images) {
                paths[image.key, default: []].insert(image.reference?.path ?? image.written)
                if image.reference == nil { missing.insert(image.written) }
            }
        }
    }
}

extension SplitOverlap: CustomStringConvertible {
    /// Counts for a person, a line each.
    public var description: String {
        var lines = [
            "training: \(trainingRecords) records, \(trainingImages) images",
            "test: \(testRecords) records, \(testImages) images",
        ]
        if testImages > 0 {
            lines.append(
                "test images that also stand in training: \(sharedImages) of \(testImages)"
                    + (renamedImages > 0 ? ", \(renamedImages) under other names" : "")
                    + " (\(recordsWithSharedImages) of \(testRecords) test records)")
        }
        lines.append(
            "test questions that are also asked in training, by their words alone: "
                + "\(sharedPrompts) of \(testPrompts)")
        lines.append(
            "test records that repeat a training record's question and images: "
                + "\(repeatedRecords) of \(testRecords)")
        if missingFiles > 0 {
            lines.append("\(missingFiles) image files are not there and were compared by path")
        }
        return lines.joined(separator: "\n")
    }
}

extension SplitRow {
    /// Question and images; nil when nothing is asked.
    fileprivate var content: [UInt64]? { prompt.map { [$0] + images.map(\.key) } }
}
