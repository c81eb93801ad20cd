import Foundation

/// The examples of a file, all validated before any work starts.
public struct TokenizedFile<Example: TokenizedRecord>: Sendable {
    /// The path, as problems name it.
    public let file: String
    /// Of the file's bytes, in hexadecimal, for the run's manifest.
    public let sha256: String
    /// In the order of the file.
    public let examples: [Example]
    /// Why records were left out, in the order of the file.
    public let problems: [RecordProblem]
    /// What is odd but stops nothing.
    public let warnings: [RecordWarning]
    /// Over all examples that could be tokenized, at their full length, those too long included;
    /// of a pair, its longer sequence counts.
    public let statistics: LengthStatistics

    /// Tokenizes what can be read of a file, and collects every problem: those of its JSON and
    /// those of its tokens.
    ///
    /// - Parameter images: where images are, as far as the file does not say.
    /// - Throws: `DatasetError.unreadable` when there is no such file.
    public init<Tokenizer: RecordTokenizer>(
        scanning url: URL,
        tokenizer: Tokenizer,
        images: ImageOrigin = ImageOrigin()
    ) throws(DatasetError) where Tokenizer.Example == Example {
        self.init(
            try RecordFile<Tokenizer.Record>(scanning: url, images: images),
            tokenizer: tokenizer)
    }

    /// Tokenizes a file that is to be trained on.
    ///
    /// - Parameter images: where images are, as far as the file does not say.
    /// - Throws: `DatasetError.unusable` with every problem of the file, unless the policy is to
    ///   skip, and when no example is left. Records that are only too long, where the tokenizer's
    ///   policy is to skip those, do not make it throw.
    public init<Tokenizer: RecordTokenizer>(
        reading url: URL,
        tokenizer: Tokenizer,
        policy: SkipPolicy,
        images: ImageOrigin = ImageOrigin()
    ) throws(DatasetError) where Tokenizer.Example == Example {
        try self.init(scanning: url, tokenizer: tokenizer, images: images)
        let leavesLongOut = tokenizer.overlong == .skip
        let stops = policy == .stop && problems.contains { !($0.fault.isTooLong && leavesLongOut) }
        guard !examples.isEmpty, !stops else { throw .unusable(problems) }
    }

    private init<Tokenizer: RecordTokenizer>(
        _ records: RecordFile<Tokenizer.Record>,
        tokenizer: Tokenizer
    ) where Tokenizer.Example == Example {
        tokenizer.encoding.measuring?.measure(records.records.flatMap(\.images))
        var reading = Reading(tokenizer: tokenizer, file: records.file, problems: records.problems)
        for record in records.records { reading.read(record) }
        self.file = records.file
        self.sha256 = records.sha256
        self.examples = reading.examples
        self.problems = reading.problems.sorted { $0.line < $1.line }
        self.warnings = records.warnings
        self.statistics = LengthStatistics(
            lengths: reading.lengths,
            labelled: reading.labelled,
            maxLength: tokenizer.maxLength
        )
    }
}

/// What has been made of a file so far.
private struct Reading<Tokenizer: RecordTokenizer> {
    let tokenizer: Tokenizer
    let file: String
    var problems: [RecordProblem]
    var examples: [Tokenizer.Example] = []
    var lengths: [Int] = []
    var labelled = 0

    mutating func read(_ record: Tokenizer.Record) {
        do throws(RecordFault) {
            for example in try tokenizer.examples(record) { take(example, of: record) }
        } catch {
            note(error, of: record)
        }
    }

    /// One example of a record may be too long and another not.
    private mutating func take(_ example: Tokenizer.Example, of record: Tokenizer.Record) {
        lengths.append(example.tokenCount)
        labelled += example.labelCount
        do throws(RecordFault) {
            examples.append(try tokenizer.fitted(example))
        } catch {
            note(error, of: record)
        }
    }

    private mutating func note(_ fault: RecordFault, of record: Tokenizer.Record) {
        problems.append(
            RecordProblem(file: file, line: record.line, id: record.id, fault: fault))
    }
}

extension RecordFault {
    fileprivate var isTooLong: Bool {
        if case .tooLong = self { true } else { false }
    }
}
