import Foundation
import Yams

/// Conditions written for this project, from which practice vignettes are generated.
///
/// The bank is a readable YAML file; `bundled()` reads the one that ships with the program.
public struct CaseBank: Sendable {
    /// All conditions, in the order of the file.
    public let conditions: [Condition]
    private let indexByID: [String: Int]

    /// Reads and checks a bank.
    ///
    /// - Parameters:
    ///   - yaml: the text of the file.
    ///   - file: the name that errors mention.
    /// - Throws: `CaseBankError`, listing every problem with condition and field.
    public init(yaml: String, file: String) throws(CaseBankError) {
        let conditions = try Self.decode(yaml, file: file)
        let problems = CaseBankValidation(conditions: conditions).problems
        guard problems.isEmpty else { throw CaseBankError(file: file, problems: problems) }
        self.conditions = conditions
        indexByID = Dictionary(
            uniqueKeysWithValues: conditions.enumerated().map { ($1.id, $0) }
        )
    }

    /// Reads and checks the bank in a file.
    ///
    /// - Throws: `CaseBankError`, also when the file cannot be read.
    public init(contentsOf url: URL) throws(CaseBankError) {
        let text: String
        do {
            text = try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw CaseBankError(
                file: url.lastPathComponent,
                reason: .unreadable(error.localizedDescription)
            )
        }
        try self.init(yaml: text, file: url.lastPathComponent)
    }

    /// The bank that ships with the program, embedded in it.
    ///
    /// - Throws: `CaseBankError` when the file was damaged before the program was built.
    public static func bundled() throws(CaseBankError) -> CaseBank {
        let text = String(decoding: PackageResources.conditions_yaml, as: UTF8.self)
        return try CaseBank(yaml: text, file: "conditions.yaml")
    }

    /// The condition with this id; nil when the bank has none.
    public subscript(id: String) -> Condition? {
        indexByID[id].map { conditions[$0] }
    }

    private static func decode(_ yaml: String, file: String) throws(CaseBankError) -> [Condition] {
        do {
            let document = try YAMLDecoder().decode(ConditionFile.self, from: yaml)
            return document.conditions.pairs.map { $0.value.condition(id: $0.key) }
        } catch {
            throw CaseBankError(file: file, problems: [.init(decoding: error)])
        }
    }
}

extension CaseBankError {
    init(file: String, reason: Reason) {
        self.init(file: file, problems: [Problem(condition: nil, field: nil, reason: reason)])
    }
}

extension CaseBankError.Problem {
    /// Places a decoding error: the path is `conditions`, the condition, then the field.
    init(decoding error: any Error) {
        guard let error = error as? DecodingError else {
            self.init(condition: nil, field: nil, reason: .malformed("\(error)"))
            return
        }
        let (context, missing, reason) = Self.read(error)
        let path = (context.codingPath + (missing.map { [$0] } ?? [])).map(\.stringValue)
        let field = path.dropFirst(2).joined(separator: ".")
        self.init(
            condition: path.count > 1 ? path[1] : nil,
            field: path.count > 2 ? field : (path.count == 1 ? path[0] : nil),
            reason: reason
        )
    }

    private static func read(
        _ error: DecodingError
    ) -> (DecodingError.Context, missing: (any CodingKey)?, CaseBankError.Reason) {
        switch error {
        case .keyNotFound(let key, let context):
            return (context, key, .missing)
        case .valueNotFound(_, let context):
            return (context, nil, .missing)
        case .dataCorrupted(let context) where context.underlyingError is UnknownKey:
            return (context, nil, .unknownKey)
        case .typeMismatch(_, let context), .dataCorrupted(let context):
            let cause = context.underlyingError.map { ": \($0)" } ?? ""
            return (context, nil, .malformed(context.debugDescription + cause))
        @unknown default:
            return (.init(codingPath: [], debugDescription: ""), nil, .malformed("\(error)"))
        }
    }
}
