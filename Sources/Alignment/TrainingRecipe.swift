import Foundation
import Records

/// What a training method adds to the settings that all share.
public protocol MethodSettings: Codable, Sendable, Hashable {
    /// The subcommand and the manifest's word for it.
    static var method: String { get }
    /// What keys with a fixed set of values may be.
    static var choices: [String: [String]] { get }
    /// A value of one of its own keys with relative paths counted from a folder.
    static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue

    init()
    /// Sets the shared settings whose defaults differ for this method.
    static func adjust(_ settings: inout TrainingSettings)
    /// - Throws: the first value out of its range.
    func check(_ settings: TrainingSettings) throws(RecipeFault)
    /// What a run depends on besides the shared settings.
    func sources() throws(RecipeFault) -> [RunSource]
}

extension MethodSettings {
    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        value
    }

    public func sources() -> [RunSource] { [] }
}

/// Everything that decides a run of one method: the shared settings and its own, one flat list of
/// keys in the file.
@dynamicMemberLookup
public struct TrainingRecipe<Method: MethodSettings>: Sendable, Hashable {
    public var settings: TrainingSettings
    public var method: Method

    public init() {
        settings = TrainingSettings()
        method = Method()
        settings.outputDir = "runs/\(Method.method)"
        Method.adjust(&settings)
    }

    public subscript<Value>(dynamicMember path: WritableKeyPath<TrainingSettings, Value>) -> Value {
        get { settings[keyPath: path] }
        set { settings[keyPath: path] = newValue }
    }

    public subscript<Value>(dynamicMember path: WritableKeyPath<Method, Value>) -> Value {
        get { method[keyPath: path] }
        set { method[keyPath: path] = newValue }
    }
}

extension TrainingRecipe: Recipe {
    public init(from decoder: any Decoder) throws {
        settings = try TrainingSettings(from: decoder)
        method = try Method(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try settings.encode(to: encoder)
        try method.encode(to: encoder)
    }

    public static var freeKeys: [String] { TrainingSettings.freeKeys }
    public static var choices: [String: [String]] {
        TrainingSettings.choices.merging(Method.choices) { $1 }
    }

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        if key == "train_files" { return TrainingFile.resolved(value, in: folder) }
        guard TrainingSettings.pathKeys.contains(key), let path = value.string, !path.isEmpty else {
            return Method.resolved(value, key, in: folder)
        }
        return .string(folder.resolved(path))
    }

    public func check() throws(RecipeFault) {
        try settings.check()
        try method.check(settings)
    }
}
