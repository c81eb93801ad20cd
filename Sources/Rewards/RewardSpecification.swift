import Foundation
import Records

/// A reward as a recipe's list `rewards` declares it:
/// `{type: answer, mode: option, weight: 2.0, name: correctness}`.
///
/// `type` is needed, `weight` is 1 and `name` the type unless given; the other keys are those of
/// the type. Unknown types and keys are refused.
public struct RewardSpecification: Sendable, Hashable {
    /// Names its curve; letters, digits, hyphens and underscores.
    public let name: String
    /// Finite; 0 logs the reward without learning from it.
    public let weight: Double
    public let kind: RewardKind

    /// A reward made in the program.
    public init(name: String, weight: Double = 1, kind: RewardKind) {
        (self.name, self.weight, self.kind) = (name, weight, kind)
    }

    /// Reads one element of the list.
    ///
    /// - Throws: ``RewardSpecificationError`` naming the key; the caller knows the place.
    public init(_ value: JSONValue) throws(RewardSpecificationError) {
        guard let values = value.object else {
            throw .init(reward: nil, key: nil, reason: "is not a mapping of keys")
        }
        let type = try Self.type(values["type"])
        do throws(SettingFault) {
            var keys = SettingsReader(values)
            _ = try keys.text("type")
            name = try keys.name(default: type.rawValue)
            weight = try keys.number("weight", default: 1)
            kind = try RewardKind(type, &keys)
            try keys.finish()
        } catch {
            throw .init(reward: type.rawValue, key: error.key, reason: error.reason)
        }
    }

    /// Reads the whole list.
    ///
    /// - Throws: ``RewardSpecificationError`` for the first element that cannot be used, a name
    ///   that occurs twice, or an empty list.
    public static func list(
        _ values: [JSONValue]
    ) throws(RewardSpecificationError) -> [RewardSpecification] {
        var result: [RewardSpecification] = []
        for (index, value) in values.enumerated() {
            do throws(RewardSpecificationError) {
                result.append(try RewardSpecification(value))
            } catch {
                throw error.at(index)
            }
            if result.dropLast().contains(where: { $0.name == result[index].name }) {
                let reason = "'\(result[index].name)' is the name of two rewards: give one its own"
                throw .init(reward: nil, key: "name", reason: reason).at(index)
            }
        }
        if result.isEmpty { throw .init(reward: nil, key: nil, reason: "there are no rewards") }
        return result
    }

    /// The element with all defaults filled in; reading it gives an equal specification.
    public var json: JSONValue {
        let common: [String: JSONValue] = [
            "type": .string(kind.type.rawValue), "name": .string(name), "weight": .number(weight),
        ]
        return .object(common.merging(kind.values) { own, _ in own })
    }

    private static func type(
        _ value: JSONValue?
    ) throws(RewardSpecificationError) -> RewardKind.TypeName {
        let names = RewardKind.TypeName.allCases.map(\.rawValue)
        guard let text = value?.string else {
            let reason = "must be one of \(names.joined(separator: ", "))"
            throw .init(reward: nil, key: "type", reason: reason)
        }
        guard let type = RewardKind.TypeName(rawValue: text) else {
            let near = Spelling.nearest(to: text, in: names)
            let reason = "'\(text)' is no type of reward; the nearest is '\(near)'"
            throw .init(reward: nil, key: "type", reason: reason)
        }
        return type
    }
}

extension RewardSpecification {
    /// The same with relative paths counted from this folder, which is the recipe's: a model's
    /// folder, a file for standard error, and the words of a command that begin with `./` or `../`.
    public func resolvingPaths(in folder: URL) -> RewardSpecification {
        let kind: RewardKind
        switch self.kind {
        case .model(var settings):
            settings.path = folder.resolving(settings.path)
            kind = .model(settings)
        case .program(var settings):
            settings.command = settings.command.map { word in
                word.hasPrefix("./") || word.hasPrefix("../") ? folder.resolving(word) : word
            }
            settings.stderrFile = settings.stderrFile.map(folder.resolving)
            kind = .program(settings)
        default: kind = self.kind
        }
        return RewardSpecification(name: name, weight: weight, kind: kind)
    }

    /// The reward itself.
    ///
    /// - Parameter model: makes the reward of a trained model, given its name and settings.
    /// - Throws: what `model` throws, or a `CaseBankError` when the case bank is damaged.
    public func make(
        model: (String, ModelRewardSettings) throws -> any Reward
    ) throws -> any Reward {
        switch kind {
        case .answer(let settings): try AnswerReward(name: name, settings: settings)
        case .format(let settings): FormatReward(name: name, settings: settings)
        case .tagCount(let settings): TagCountReward(name: name, settings: settings)
        case .integer: IntegerReward(name: name)
        case .length(let settings): LengthReward(name: name, settings: settings)
        case .repetition(let settings): RepetitionReward(name: name, settings: settings)
        case .forbiddenAdvice(let settings):
            try ForbiddenAdviceReward(name: name, settings: settings)
        case .program(let settings): ProgramReward(name: name, settings: settings)
        case .model(let settings): try model(name, settings)
        }
    }
}

extension URL {
    fileprivate func resolving(_ path: String) -> String {
        path.hasPrefix("/") ? path : appending(path: path).standardizedFileURL.path
    }
}

extension SettingsReader {
    fileprivate mutating func name(default preset: String) throws(SettingFault) -> String {
        guard let name = try text("name") else { return preset }
        guard name.utf8.allSatisfy(\.isNameByte) else {
            let reason = "must be of letters, digits, hyphens and underscores"
            throw SettingFault(key: "name", reason: reason)
        }
        return name
    }
}
