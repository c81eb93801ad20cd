/// Why a case bank could not be read: all problems of the file, not the first.
public struct CaseBankError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's name.
    public let file: String
    public let problems: [Problem]

    public var description: String {
        problems.map { "\(file): \($0)" }.joined(separator: "\n")
    }

    /// One fault, with the condition and the field where it stands.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        public let condition: String?
        public let field: String?
        public let reason: Reason

        public var description: String {
            let place = [condition.map { "condition \($0)" }, field.map { "field \($0)" }]
            return (place.compactMap { $0 } + ["\(reason)"]).joined(separator: ": ")
        }
    }

    /// What is wrong.
    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        case unreadable(String)
        case missing
        case unknownKey
        case malformed(String)
        case tooFew(found: Int, needed: Int)
        case tooMany(found: Int, allowed: Int)
        case unknownCondition(String)
        case duplicateName(String, other: String)
        case duplicateID(String)
        case namesDiagnosis(String)

        public var description: String {
            switch self {
            case .unreadable(let why): "cannot be read: \(why)"
            case .missing: "is missing or empty"
            case .unknownKey: "is not a known key"
            case .malformed(let why): why
            case .tooFew(let found, let needed): "has \(found) entries, needs at least \(needed)"
            case .tooMany(let found, let allowed): "has \(found) entries, at most \(allowed)"
            case .unknownCondition(let id): "names the unknown condition \(id)"
            case .duplicateName(let name, let other): "\"\(name)\" is also a name of \(other)"
            case .duplicateID(let id): "uses the id \(id) twice"
            case .namesDiagnosis(let text): "gives the diagnosis away: \"\(text)\""
            }
        }
    }
}
