import Foundation

/// The examples of a file, all validated before any work starts.
public struct TokenizedFile: Sendable {
    /// The path, as problems name it.
    public let file: String
    /// Of the file's bytes, in hexadecimal, for the run's manifest.
    public let sha256: String
    /// In the order of the file.
    public let examples: [TokenizedExample]
    /// Why records were left out, in the order of the file.
    public let problems: [RecordProblem]
    /// What is odd but stops nothing.
    public let warnings: [RecordWarning]
    /// Over all records that could be tokenized, at their full length, those too long included.
    public let statistics: LengthStatistics

    /// Tokenizes what can be read of a file, and collects every problem: those of its JSON and
    /// those of its tokens.
    ///
    /// - Throws: `DatasetError.unreadable` when there is no such file.
    public init(scanning url: URL, tokenizer: ExampleTokenizer) throws(DatasetError) {
        self.init(try RecordFile<SupervisedRecord>(scanning: url), tokenizer: tokenizer)
    }

    /// Tokenizes a file that is to be trained on.
    ///
    /// - Throws: `DatasetError.unusable` with every problem of the file, unless the policy is to
    ///   skip, and when no example is left. Records that are only too long, where the tokenizer's
    ///   policy is to skip those, do not make it throw.
    public init(
        reading url: URL,
        tokenizer: ExampleTokenizer,
        policy: SkipPolicy
    ) throws(DatasetError) {
        try self.init(scanning: url, tokenizer: tokenizer)
        let leavesLongOut = tokenizer.overlong == .skip
        let stops = policy == .stop && problems.contains { !($0.fault.isTooLong && leavesLongOut) }
        guard !examples.isEmpty, !stops else { throw .unusable(problems) }
    }

    private init(_ records: RecordFile<SupervisedRecord>, tokenizer: ExampleTokenizer) {
        var (examples, problems) = ([TokenizedExample](), records.problems)
        var (lengths, labelled) = ([Int](), 0)
        for record in records.records {
            do throws(RecordFault) {
                let example = try tokenizer.example(record)
                lengths.append(example.tokenIDs.count)
                labelled += example.labelCount
                examples.append(try tokenizer.fitted(example))
            } catch {
                problems.append(
                    RecordProblem(
                        file: records.file,
                        line: record.line,
                        id: record.id,
                        fault: error
                    )
                )
            }
        }
        self.file = records.file
        self.sha256 = records.sha256
        self.examples = examples
        self.problems = problems.sorted { $0.line < $1.line }
        self.warnings = records.warnings
        self.statistics = LengthStatistics(
            lengths: lengths,
            labelled: labelled,
            maxLength: tokenizer.maxLength
        )
    }
}

extension RecordFault {
    fileprivate var isTooLong: Bool {
        if case .tooLong = self { true } else { false }
    }
}
