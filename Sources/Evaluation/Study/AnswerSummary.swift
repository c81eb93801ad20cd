import FileFormats
import Foundation
import Statistics
import TextMetrics

/// What the answers of one model to a file of prompts come to: answers.json.
public struct AnswerSummary: Codable, Sendable, Hashable {
    /// Number of answers.
    public let n: Int
    /// The share of answers that ran into the length limit.
    public let truncated: Double
    /// Mean tokens of an answer, its end included.
    public let meanLength: Double
    /// Mean of log pi - log base over all tokens of all answers, in nats: how far the model's own
    /// answers are from what its base would say.
    ///
    /// The answers are greedy, so this is the divergence along the likeliest answer, not the
    /// expectation over answers drawn.
    public let divergence: Double
    /// The share with the form asked for; nil where none was.
    public let hasForm: Double?
    /// The share that declines, by ``RefusalPatterns``, with its 95 % bootstrap interval.
    public let refusals: Double
    public let refusalInterval: Interval
    /// Mean score of the reward model; nil without one.
    public let reward: Double?
    /// Answers with a reference.
    public let references: Int
    /// Corpus BLEU (0 to 100) against the references, as sacrebleu; nil without any.
    public let bleu: Double?
    /// Mean F1 against the references; nil without any.
    public let rouge1: Double?
    public let rouge2: Double?
    public let rougeL: Double?

    enum CodingKeys: String, CodingKey {
        case n, truncated, refusals, reward, references, bleu, rouge1, rouge2, rougeL
        case meanLength = "mean_length"
        case divergence = "kl_per_token"
        case hasForm = "format_valid"
        case refusalInterval = "refusals_interval"
    }

    /// Counts and averages the rows of one model.
    ///
    /// - Parameter references: the reference answer of each row, or nil.
    public init(_ rows: [AnswerRow], references: [String?], seed: UInt64 = 0) {
        precondition(rows.count == references.count, "an answer without its place for a reference")
        let refusing = Proportion(rows.map(\.isRefusal))
        n = rows.count
        truncated = Proportion(rows.map(\.isTruncated)).value
        let tokens = rows.reduce(0) { $0 + $1.tokens }
        meanLength = rows.isEmpty ? 0 : Double(tokens) / Double(rows.count)
        divergence = tokens == 0 ? 0 : rows.reduce(0) { $0 + $1.logRatio } / Double(tokens)
        let forms = rows.compactMap(\.hasForm)
        hasForm = forms.isEmpty ? nil : Proportion(forms).value
        refusals = refusing.value
        refusalInterval = refusing.bootstrapInterval(seed: seed)
        reward = MeanEstimate(rows.compactMap(\.reward))?.mean
        let pairs = zip(rows, references).compactMap { row, reference in
            reference.map { (row.text, [$0]) }
        }
        self.references = pairs.count
        bleu =
            pairs.isEmpty
            ? nil : BLEUScore.corpus(hypotheses: pairs.map(\.0), references: pairs.map(\.1)).score
        let overlaps = rows.compactMap(\.overlap)
        rouge1 = MeanEstimate(overlaps.map(\.rouge1))?.mean
        rouge2 = MeanEstimate(overlaps.map(\.rouge2))?.mean
        rougeL = MeanEstimate(overlaps.map(\.rougeL))?.mean
    }
}

/// A summary with its rows: the folder that `answers` writes and `study` reads.
public struct AnswerOutput: Sendable, Hashable {
    /// The file of the summary, written last.
    public static let summaryName = "answers.json"
    /// The file of the rows.
    public static let rowsName = "answers.jsonl"

    public let summary: AnswerSummary
    /// In the order of the prompts.
    public let rows: [AnswerRow]

    /// A summary with its rows.
    public init(summary: AnswerSummary, rows: [AnswerRow]) {
        (self.summary, self.rows) = (summary, rows)
    }

    /// Writes both files, each whole or not at all, the summary last.
    public func write(to folder: URL) throws(FormatError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
        try JSONLines.write(rows, to: folder.appending(path: Self.rowsName))
        try writeJSON(summary, to: folder.appending(path: Self.summaryName))
    }

    /// Reads a folder that ``write(to:)`` wrote.
    ///
    /// - Throws: `FormatError` with the file and line that is missing or malformed.
    public init(reading folder: URL) throws(FormatError) {
        let rowsFile = folder.appending(path: Self.rowsName)
        var rows: [AnswerRow] = []
        for result in try JSONLines(url: rowsFile) {
            rows.append(try result.get().decode(AnswerRow.self))
        }
        let file = folder.appending(path: Self.summaryName)
        guard let data = FileManager.default.contents(atPath: file.path),
            let summary = try? JSONDecoder().decode(AnswerSummary.self, from: data)
        else { throw FormatError(file: file.path, reason: "is missing or malformed") }
        guard summary.n == rows.count else {
            throw FormatError(
                file: rowsFile.path,
                reason: "has \(rows.count) rows, but the summary says \(summary.n)")
        }
        self.init(summary: summary, rows: rows)
    }
}
