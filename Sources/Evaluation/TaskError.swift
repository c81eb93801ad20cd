import CaseBank
import Datasets

/// Why a task cannot be asked.
public enum TaskError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file cannot be read, or has unusable records: all of them are listed.
    case data(DatasetError)
    case caseBank(CaseBankError)
    case cases(CaseGenerationError)
    /// A benchmark without this set.
    case unknownSubset(String, known: [String])
    /// Ids that stand on more than one question: results could not be paired by them.
    case repeatedIDs([String])
    case noQuestions(String)

    /// What is wrong, in words for the user; without text of a question.
    public var description: String {
        switch self {
        case .data(let error): error.description
        case .caseBank(let error): error.description
        case .cases(let error): error.description
        case .unknownSubset(let name, let known):
            "there is no set '\(name)'; there are \(known.joined(separator: ", "))"
        case .repeatedIDs(let ids):
            "\(ids.count) ids stand on more than one question: \(listed(ids))"
        case .noQuestions(let task): "\(task): no questions"
        }
    }
}

/// The first of many names, and how many more there are.
func listed(_ names: [String], first count: Int = 10) -> String {
    let shown = names.prefix(count).joined(separator: ", ")
    return names.count > count ? "\(shown) and \(names.count - count) more" : shown
}
