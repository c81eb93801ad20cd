import Answers
import Records

/// A question with options, as benchmarks write them: `question`; `options` as a list or as an
/// object of labels; `answer` as a label, as an option's text, or as a place from 0.
///
/// Without a column `options` they stand in the question, or in the column `problem` (Med-R1,
/// OmniMedVQA): `Which modality is it? A)CT, B)MRI`. The answer may also be called `solution`, and
/// stand in tags: `<answer> B </answer>`.
public struct ChoiceQuestion: Sendable, Hashable {
    /// What is asked, without the options.
    public let question: String
    /// Two or more, with labels that differ.
    public let options: [AnswerOption]
    /// The label of the right option; nil where there is no column with the answer.
    public let gold: String?

    /// Reads the question, its options and, where there is one, its answer.
    ///
    /// - Throws: `RecordFault` when one of them has another shape, or the answer is no option.
    public init(_ columns: [String: JSONValue]) throws(RecordFault) {
        if columns["options"] != nil {
            question = try Self.text("question", columns)
            options = try Self.options(in: columns)
        } else {
            let list = try Self.writtenOptions(columns)
            (question, options) = (list.question, list.options)
        }
        gold = try Self.gold(in: columns, options)
    }

    /// The user's turn: the question, one option a line, and what the last line is to be.
    public var prompt: String {
        let lines = options.map { "\($0.label). \($0.text)" }
        let instruction = "Choose one option and end with \"Answer: <letter>\"."
        return ([question, ""] + lines + ["", instruction]).joined(separator: "\n")
    }
}

extension ChoiceQuestion {
    private static let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map {
        String(UnicodeScalar($0))
    }

    private static func text(
        _ column: String, _ columns: [String: JSONValue]
    ) throws(RecordFault) -> String {
        guard let value = columns[column] else { throw .missing(column: column) }
        guard let text = value.string?.trimmed else {
            throw .wrongShape(column: column, expected: "text")
        }
        if text.isEmpty { throw .empty(column: column) }
        return text
    }

    /// A question alone is told that it has no options.
    private static func writtenOptions(
        _ columns: [String: JSONValue]
    ) throws(RecordFault) -> OptionList {
        let column = columns["problem"] == nil ? "question" : "problem"
        if let list = OptionList(in: try text(column, columns)) { return list }
        if column == "question" { throw .missing(column: "options") }
        throw .wrongShape(column: column, expected: "a question with options, A)..., B)...")
    }

    private static func options(
        in columns: [String: JSONValue]
    ) throws(RecordFault) -> [AnswerOption] {
        var options: [AnswerOption] = []
        if let object = columns["options"]?.object {
            for (label, text) in object.sorted(by: { $0.key < $1.key }) {
                options.append(.init(label: label.trimmed, text: try text.optionText()))
            }
        } else if let list = columns["options"]?.array, list.count <= letters.count {
            for (label, text) in zip(letters, list) {
                options.append(.init(label: label, text: try text.optionText()))
            }
        }
        guard options.count >= 2, Set(options.map(\.label)).count == options.count,
            options.allSatisfy({ $0.label.isShortLabel })
        else { throw .wrongShape(column: "options", expected: "2 to 26 options") }
        return options
    }

    /// A label before a text, a text before a place; letters in either case; `B) MRI`.
    private static func gold(
        in columns: [String: JSONValue],
        _ options: [AnswerOption]
    ) throws(RecordFault) -> String? {
        let known = ["answer", "solution"].first { columns[$0] != nil }
        guard let column = known, let value = columns[column] else { return nil }
        if let place = value.integer, options.indices.contains(place) {
            return options[place].label
        }
        let answer = value.string?.trimmed ?? ""
        let byLabel = options.filter { $0.label == answer }
        let byText = options.filter { $0.text == answer }
        let byCase = options.filter { $0.label.lowercased() == answer.lowercased() }
        if let gold = [byLabel, byText, byCase].first(where: { $0.count == 1 })?.first {
            return gold.label
        }
        let reader = AnswerParser(options: options, mode: .strict)
        let label =
            answer.contains("<answer>")
            ? reader.label(in: answer) : reader.labelledOption(in: answer)
        guard let label else {
            throw .wrongShape(column: column, expected: "the label, text or place of an option")
        }
        return label
    }
}

extension JSONValue {
    fileprivate func optionText() throws(RecordFault) -> String {
        guard let text = string?.trimmed ?? integer.map(String.init), !text.isEmpty else {
            throw .wrongShape(column: "options", expected: "texts that are not empty")
        }
        return text
    }
}

extension String {
    /// One to three letters or digits.
    fileprivate var isShortLabel: Bool {
        (1...3).contains(unicodeScalars.count)
            && unicodeScalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
    }
}
