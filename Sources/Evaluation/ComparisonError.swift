import FileFormats

/// Why two evaluations cannot be compared.
public enum ComparisonError: Error, Sendable, Hashable, CustomStringConvertible {
    case unreadable(FormatError)
    /// Questions that only one of the two answered; ids by system, in the order of `names`.
    case otherQuestions(names: [String], only: [[String]])
    /// Questions whose right answer is not the same in both.
    case otherAnswers([String])

    /// What is wrong, in words for the user; without text of a question.
    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .otherQuestions(let names, let only):
            "not the same questions: "
                + zip(names, only).filter { !$0.1.isEmpty }
                .map { "\($0.1.count) only in \($0.0) (\(listed($0.1)))" }
                .joined(separator: "; ")
        case .otherAnswers(let ids):
            "\(ids.count) questions have another right answer in one than in the other: "
                + listed(ids)
        }
    }
}
