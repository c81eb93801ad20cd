import Answers
import Records

/// A question with options, as benchmarks write them: `question`; `options` as a list or as an
/// object of labels; `answer` as a label, as an option's text, or as a place from 0.
public struct ChoiceQuestion: Sendable, Hashable {
    /// What is asked, without the options.
    public let question: String
    /// Two or more, with labels that differ.
    public let options: [AnswerOption]
    /// The label of the right option; nil where there is no column `answer`.
    public let gold: String?

    /// Reads the columns `question`, `options` and, where there is one, `answer`.
    ///
    /// - Throws: `RecordFault` when one of them has another shape, or the answer is no option.
    public init(_ columns: [String: JSONValue]) throws(RecordFault) {
        guard let value = columns["question"] else { throw .missing(column: "question") }
        guard let question = value.string?.trimmed else {
            throw .wrongShape(column: "question", expected: "text")
        }
        if question.isEmpty { throw .empty(column: "question") }
        self.question = question
        options = try Self.options(in: columns)
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

    private static func options(
        in columns: [String: JSONValue]
    ) throws(RecordFault) -> [AnswerOption] {
        guard let value = columns["options"] else { throw .missing(column: "options") }
        var options: [AnswerOption] = []
        if let object = value.object {
            for (label, text) in object.sorted(by: { $0.key < $1.key }) {
                options.append(.init(label: label.trimmed, text: try text.optionText()))
            }
        } else if let list = value.array, list.count <= letters.count {
            for (label, text) in zip(letters, list) {
                options.append(.init(label: label, text: try text.optionText()))
            }
        }
        guard options.count >= 2, Set(options.map(\.label)).count == options.count,
            options.allSatisfy({ $0.label.isShortLabel })
        else { throw .wrongShape(column: "options", expected: "2 to 26 options") }
        return options
    }

    /// A label before a text, a text before a place; letters in either case.
    private static func gold(
        in columns: [String: JSONValue],
        _ options: [AnswerOption]
    ) throws(RecordFault) -> String? {
        guard let value = columns["answer"] else { return nil }
        if let place = value.integer, options.indices.contains(place) {
            return options[place].label
        }
        let answer = value.string?.trimmed ?? ""
        let byLabel = options.filter { $0.label == answer }
        let byText = options.filter { $0.text == answer }
        let byCase = options.filter { $0.label.lowercased() == answer.lowercased() }
        guard let gold = [byLabel, byText, byCase].first(where: { $0.count == 1 })?.first else {
            throw .wrongShape(column: "answer", expected: "the label, text or place of an option")
        }
        return gold.label
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
