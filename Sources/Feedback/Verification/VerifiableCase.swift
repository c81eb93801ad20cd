import Answers

/// What has to be known of a case to verify answers to it.
package struct VerifiableCase: Sendable, Hashable {
    package let question: String
    /// The lettered options; empty for an open question.
    package let options: [AnswerOption]
    /// The letter of the right option; nil for an open question.
    package let rightLetter: String?
    /// What the right answer may be called, without blanks and repetitions.
    package let names: [String]
    /// Whether an answer in words counts where options are lettered: the diagnosis is known.
    package let hasDiagnosis: Bool

    /// - Parameters:
    ///   - answer: the letter or the text of the right option, or the answer of an open question.
    ///   - diagnosis: the diagnosis in words, where it is known.
    ///   - synonyms: other names of the diagnosis.
    /// - Throws: `FeedbackError.invalid` where options share a letter, the answer is none of them,
    ///   or an open question has no answer in words.
    package init(
        question: String,
        options: [AnswerOption] = [],
        answer: String,
        diagnosis: String? = nil,
        synonyms: [String] = []
    ) throws(FeedbackError) {
        let right = try Self.right(answer, among: options)
        let diagnosis = diagnosis.flatMap { $0.hasWords ? $0.trimmed : nil }
        self.question = question
        self.options = options
        rightLetter = right?.label
        hasDiagnosis = diagnosis != nil
        let answers = [right?.text ?? answer, diagnosis].compactMap(\.self) + synonyms
        var seen: Set<String> = []
        names = answers.filter(\.hasWords).map(\.trimmed).filter { seen.insert($0).inserted }
        guard right != nil || !names.isEmpty else {
            throw .invalid(field: "answer", reason: "has no words to look for")
        }
    }

    private static func right(
        _ answer: String,
        among options: [AnswerOption]
    ) throws(FeedbackError) -> AnswerOption? {
        guard !options.isEmpty else { return nil }
        guard Set(options.map(\.label.trimmedLowercase)).count == options.count else {
            throw .invalid(field: "options", reason: "two have the same letter")
        }
        let wanted = answer.trimmedLowercase
        let right =
            options.first { $0.label.trimmedLowercase == wanted }
            ?? options.first { $0.text.trimmedLowercase == wanted }
        guard let right else {
            throw .invalid(field: "answer", reason: "is none of the options")
        }
        return right
    }
}

extension VerifiableCase {
    /// What a stored case says of its answer.
    ///
    /// - Throws: as the other initialiser.
    package init(_ stored: ClinicalCase) throws(FeedbackError) {
        try self.init(
            question: stored.question,
            options: stored.options.map { AnswerOption(label: $0.letter, text: $0.text) },
            answer: stored.answer,
            diagnosis: stored.diagnosis,
            synonyms: stored.synonyms
        )
    }
}

extension String {
    fileprivate var hasWords: Bool { contains { $0.isLetter || $0.isNumber } }
}
