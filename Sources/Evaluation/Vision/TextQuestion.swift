import Answers
import Datasets
import Records

/// A question with its right answer as text alone: what a control without images reads and learns
/// from.
public struct TextQuestion: Sendable, Hashable {
    /// What is asked, without options.
    public let question: String
    /// Two or more; none for an open question. Yes and no where one of them is the answer.
    public let options: [AnswerOption]
    /// The label of the right option; of an open question the right answer.
    public let gold: String

    /// A question with its options and right answer.
    public init(question: String, options: [AnswerOption], gold: String) {
        (self.question, self.options, self.gold) = (question, options, gold)
    }

    /// Whether any words may answer it.
    public var isOpen: Bool { options.isEmpty }

    /// The options of a question that is answered by yes or no.
    static let decisions = ["yes", "no"].map { AnswerOption(label: $0, text: $0) }

    /// What an answer may be, for the words behind the question.
    var answer: AnswerTemplate.Answer {
        isOpen ? .words : options == Self.decisions ? .decision : .letter
    }

    /// A question as it is written, with its options in it, and the answer.
    ///
    /// - Parameter answer: in an answer tag or not; a label, an option's text, or free words where
    ///   the question has no options.
    /// - Returns: nil where the answer is none of the options, or has no word.
    init?(_ text: String, answer: String) {
        let text = text.filter { $0 != ImageReference.placeholder }
            .replacing("<image>", with: "").trimmed
        self.init(text, OptionList(in: text), answer: answer)
    }

    /// - Parameter list: the options in the text, which come after the question.
    private init?(_ text: String, _ list: OptionList?, answer: String) {
        let answer = Self.untagged(answer)
        if let list {
            guard let gold = Self.label(answer, among: list.options) else { return nil }
            self.init(question: list.question, options: list.options, gold: gold)
            return
        }
        let plain = OpenAnswer(answer).text
        if plain.isEmpty { return nil }
        if Self.decisions.contains(where: { $0.label == plain }) {
            self.init(question: text, options: Self.decisions, gold: plain)
        } else {
            self.init(question: text, options: [], gold: answer)
        }
    }

    /// What an answer tag holds, where there is one.
    private static func untagged(_ answer: String) -> String {
        guard let end = answer.ranges(of: "</answer>").last,
            let start = answer[..<end.lowerBound].ranges(of: "<answer>").last
        else { return answer.trimmed }
        return String(answer[start.upperBound..<end.lowerBound]).trimmed
    }

    private static func label(_ answer: String, among options: [AnswerOption]) -> String? {
        let bare = answer.filter { !"().:".contains($0) }.trimmed.lowercased()
        let byLabel = options.first { $0.label.lowercased() == bare }
        let words = TextWords(answer)
        if let option = byLabel ?? options.first(where: { TextWords($0.text) == words }) {
            return option.label
        }
        return AnswerParser(options: options).labelledOption(in: answer)
    }
}

/// A record of any of the forms that image questions are trained on, read without its images.
///
/// `problem` and `solution` (Med-R1); `question`, perhaps `options`, and `answer` (VQA-RAD); the
/// last turn of an assistant in `messages`, `conversations` or `prompt` with `completion`, and the
/// turn before it.
struct TextQuestionRecord: DatasetRecord {
    let id: String?
    let line: Int
    let question: TextQuestion

    init(_ source: RecordSource) throws(RecordFault) {
        (id, line) = (source.id, source.line)
        question = try Self.question(in: source.columns)
    }

    private static func question(
        in columns: [String: JSONValue]
    ) throws(RecordFault) -> TextQuestion {
        if columns["options"] != nil {
            let choice = try ChoiceQuestion(columns)
            guard let gold = choice.gold else { throw .missing(column: "answer") }
            return TextQuestion(question: choice.question, options: choice.options, gold: gold)
        }
        let (column, text, answer) = try parts(of: columns)
        guard let question = TextQuestion(text, answer: answer) else {
            throw .wrongShape(column: column, expected: "an answer to the question")
        }
        return question
    }

    private static func parts(
        of columns: [String: JSONValue]
    ) throws(RecordFault) -> (column: String, question: String, answer: String) {
        for (asked, answered) in [("problem", "solution"), ("question", "answer")] {
            guard let question = columns[asked]?.string else { continue }
            guard let answer = columns[answered]?.answerText else {
                throw .missing(column: answered)
            }
            return (answered, question, answer)
        }
        for column in ["messages", "conversations"] {
            guard let turns = columns[column]?.array else { continue }
            let texts = turns.suffix(2).compactMap(\.turnText)
            guard texts.count == 2 else { throw .noPrompt }
            return (column, texts[0], texts[1])
        }
        guard let prompt = columns["prompt"], let completion = columns["completion"] else {
            throw .notAccepted(
                columns: columns.keys.sorted(),
                accepted: ["problem+solution", "question+answer", "messages", "conversations"])
        }
        guard let question = prompt.string ?? prompt.array?.last?.turnText,
            let answer = completion.string ?? completion.array?.last?.turnText
        else { throw .wrongShape(column: "prompt", expected: "text or a list of messages") }
        return ("completion", question, answer)
    }
}

extension JSONValue {
    /// An answer written as text or as a number.
    var answerText: String? { string ?? integer.map(String.init) }

    /// What a turn says; of a list of parts, its texts.
    fileprivate var turnText: String? {
        let content = self["content"] ?? self["value"]
        if let text = content?.string { return text }
        return content?.array.map { parts in parts.compactMap { $0["text"]?.string }.joined() }
    }
}
