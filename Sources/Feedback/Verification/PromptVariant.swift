import Answers
import Records

/// The wordings in which a case is put to the model, one after the other, so that traces differ by
/// more than chance. They see the question and its options only: none can give the answer away.
package enum PromptVariant: String, Codable, Sendable, Hashable, CaseIterable {
    case findings, stepwise, colleague

    /// The wording of attempt `number`, counted from 1: each in turn.
    package init(attempt number: Int) {
        let all = Self.allCases
        self = all[((number - 1) % all.count + all.count) % all.count]
    }

    /// The user's turn: the question, one option a line, and how to answer.
    package func prompt(question: String, options: [AnswerOption]) -> [Message] {
        let lines = options.map { "\($0.label). \($0.text)" }
        let instruction = "\(task) \(options.isEmpty ? Self.openEnd : Self.choiceEnd)"
        let content = ([question] + lines + ["", instruction]).joined(separator: "\n")
        return [Message(role: "user", content: content)]
    }

    private var task: String {
        switch self {
        case .findings: "Name the findings that matter and what they mean together."
        case .stepwise: "Think step by step and weigh what speaks for and against each possibility."
        case .colleague: "Explain your reasoning briefly, as you would to a colleague."
        }
    }

    private static let choiceEnd = "End with a line \"Answer: <letter>\"."
    private static let openEnd = "End with a line \"Final answer: <your answer>\"."
}
