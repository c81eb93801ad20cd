import Foundation
import Records

/// What a key of a recipe is.
public struct KeyDescription: Sendable, Hashable {
    /// As files and the command line spell it.
    public let name: String
    public let type: KeyType
    /// What a number must be; nil where all will do.
    public let bounds: Bounds?
    /// Whether a resumed run may have another value: the key decides where and how often, not what
    /// is learnt.
    public let isFree: Bool
    /// In one plain line.
    public let meaning: String

    /// A key; settings whose keys are checked one by one make it by ``SettingKey``.
    public init(
        _ name: String, _ type: KeyType, bounds: Bounds? = nil, isFree: Bool = false,
        _ meaning: String
    ) {
        (self.name, self.type, self.bounds) = (name, type, bounds)
        (self.isFree, self.meaning) = (isFree, meaning)
    }
}

extension KeyDescription {
    /// What a value must be that is none of the key's words; nil where it may stand.
    func fault(of value: JSONValue) -> String? {
        switch type {
        case .choice(let words):
            words.contains(value.string ?? "") ? nil : "must be \(words.joined(separator: " or "))"
        case .choices(let words):
            (value.array ?? []).compactMap(\.string).first { !words.contains($0) }
                .map { "'\($0)' is not \(words.joined(separator: " or "))" }
        default: nil
        }
    }

    /// A value with its relative paths counted from a folder: the recipe's, or for the command
    /// line the current one.
    func resolved(_ value: JSONValue, in folder: URL) -> JSONValue {
        switch type {
        case .path:
            guard let path = value.string, !path.isEmpty else { return value }
            return .string(folder.resolved(path))
        case .trainingFiles: return TrainingFile.resolved(value, in: folder)
        case .rewards: return RolloutSettings.resolved(value, in: folder)
        default: return value
        }
    }
}
