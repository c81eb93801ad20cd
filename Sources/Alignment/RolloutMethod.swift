import Foundation
import Records

/// The keys of a method that learns from its own answers, besides those that decide how answers
/// are drawn.
public protocol RolloutKeys: Codable, Sendable, Hashable {
    /// The subcommand and the manifest's word for it.
    static var method: String { get }
    /// What keys with a fixed set of values may be.
    static var choices: [String: [String]] { get }
    /// The default learning rate.
    static var learningRate: Double { get }

    init()
    /// A value of one of its keys with relative paths counted from a folder.
    static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue
    /// - Throws: the first value out of its range.
    func check(_ settings: TrainingSettings) throws(RecipeFault)
    /// What a run depends on besides rewards, reference and the shared settings.
    var sources: [RunSource] { get }
}

extension RolloutKeys {
    public static var choices: [String: [String]] { [:] }
    public static var learningRate: Double { 1e-6 }
    public var sources: [RunSource] { [] }

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        value
    }
}

/// What a method that learns from its own answers adds to a recipe, one flat list of keys.
@dynamicMemberLookup
public struct RolloutMethod<Own: RolloutKeys>: Sendable, Hashable {
    public var rollout = RolloutSettings()
    public var own = Own()

    public init() {}

    public subscript<Value>(dynamicMember path: WritableKeyPath<RolloutSettings, Value>) -> Value {
        get { rollout[keyPath: path] }
        set { rollout[keyPath: path] = newValue }
    }

    public subscript<Value>(dynamicMember path: WritableKeyPath<Own, Value>) -> Value {
        get { own[keyPath: path] }
        set { own[keyPath: path] = newValue }
    }
}

extension RolloutMethod: MethodSettings {
    public static var method: String { Own.method }
    public static var choices: [String: [String]] { Own.choices }

    public init(from decoder: any Decoder) throws {
        rollout = try RolloutSettings(from: decoder)
        own = try Own(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try rollout.encode(to: encoder)
        try own.encode(to: encoder)
    }

    /// One pass over the prompts, without dropout, as TRL has it.
    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = Own.learningRate
        settings.numTrainEpochs = 1
        settings.loraDropout = 0
    }

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        RolloutSettings.resolved(Own.resolved(value, key, in: folder), key, in: folder)
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try rollout.check(settings)
        try own.check(settings)
    }
}
