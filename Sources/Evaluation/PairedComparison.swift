import FileFormats
import Foundation
import Statistics

/// Two systems on the same questions: who is better, and is it more than chance.
public struct PairedComparison: Sendable, Hashable {
    /// What was compared.
    public struct System: Sendable, Hashable, Codable {
        /// As the caller names it: the folder's name, or "before".
        public let name: String
        /// The model's name, from the summary.
        public let model: String
        /// The adapter's name; nil without one.
        public let adapter: String?
        /// How its answers were found.
        public let method: EvaluationMethod
    }

    /// The task's name.
    public let task: String
    /// The system compared with, usually the older.
    public let first: System
    /// The system that the differences speak for or against.
    public let second: System
    /// The accuracy of always giving the most frequent right label.
    public let majority: Double
    /// All questions together.
    public let overall: PairedScore
    /// By the questions' group; empty where they have none.
    public let groups: [String: PairedScore]

    /// Pairs two evaluations by the ids of their questions.
    ///
    /// - Parameter names: what to call the systems, the first usually the older.
    /// - Throws: ``ComparisonError`` when they did not answer the same questions.
    public init(
        _ first: EvaluationOutput,
        _ second: EvaluationOutput,
        names: (String, String)
    ) throws(ComparisonError) {
        let pairs = try Self.pairs(first.items, second.items, names)
        task = first.summary.task
        self.first = System(names.0, first.summary)
        self.second = System(names.1, second.summary)
        majority = first.summary.majority
        let seed = first.summary.seed
        overall = PairedScore(pairs, seed: seed)
        groups = Dictionary(grouping: pairs.filter { $0.group != nil }) { $0.group ?? "" }
            .mapValues { PairedScore($0, seed: seed) }
    }

    /// Reads and compares two folders that ``EvaluationOutput/write(to:)`` wrote.
    ///
    /// - Throws: ``ComparisonError`` when one is damaged or they do not fit together.
    public init(reading first: URL, _ second: URL) throws(ComparisonError) {
        var names = (first.lastPathComponent, second.lastPathComponent)
        if names.0 == names.1 { names = (first.path, second.path) }
        let outputs: (EvaluationOutput, EvaluationOutput)
        do {
            outputs = (try EvaluationOutput(reading: first), try EvaluationOutput(reading: second))
        } catch {
            throw .unreadable(error)
        }
        try self.init(outputs.0, outputs.1, names: names)
    }

    /// Writes comparison.json and comparison.svg, each whole or not at all.
    public func write(to folder: URL) throws(FormatError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
        try AtomicFile.write(chart.svg() + "\n", to: folder.appending(path: "comparison.svg"))
        try writeJSON(self, to: folder.appending(path: "comparison.json"))
    }
}

extension PairedComparison: Codable {}

extension PairedComparison.System {
    fileprivate init(_ name: String, _ summary: EvaluationSummary) {
        self.name = name
        model = summary.model
        adapter = summary.adapter
        method = summary.method
    }
}

/// What both systems made of one question.
struct AnswerPair {
    let group: String?
    /// The question's cluster.
    let cluster: Int?
    let first: Bool
    let second: Bool
}

extension PairedComparison {
    static func pairs(
        _ first: [ItemResult],
        _ second: [ItemResult],
        _ names: (String, String)
    ) throws(ComparisonError) -> [AnswerPair] {
        let others = Dictionary(second.map { ($0.id, $0) }) { first, _ in first }
        let known = Set(first.map(\.id))
        let onlyFirst = first.map(\.id).filter { others[$0] == nil }
        let onlySecond = second.map(\.id).filter { !known.contains($0) }
        guard onlyFirst.isEmpty, onlySecond.isEmpty else {
            throw .otherQuestions(names: [names.0, names.1], only: [onlyFirst, onlySecond])
        }
        let differing = first.filter { others[$0.id]?.gold != $0.gold }
        guard differing.isEmpty else { throw .otherAnswers(differing.map(\.id)) }
        return first.compactMap { item in
            others[item.id].map { other in
                AnswerPair(
                    group: item.group, cluster: item.cluster, first: item.correct,
                    second: other.correct)
            }
        }
    }
}
