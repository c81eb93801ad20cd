import Foundation
import Records

/// What a training method adds to the settings that all share.
public protocol MethodSettings: Codable, Sendable, Hashable {
    static var method: TrainingMethod { get }
    /// What each of its own keys is.
    static var descriptions: [KeyDescription] { get }

    init()
    /// Sets the shared settings whose defaults differ for this method.
    static func adjust(_ settings: inout TrainingSettings)
    /// - Throws: the first value out of its range.
    func check(_ settings: TrainingSettings) throws(RecipeFault)
    /// What a run depends on besides the shared settings.
    func sources() throws(RecipeFault) -> [RunSource]
}

extension MethodSettings {
    public func sources() -> [RunSource] { [] }
}

/// Everything that decides a run of one method: the shared settings and its own, one flat list of
/// keys in the file.
public struct TrainingRecipe<Method: MethodSettings>: Sendable, Hashable {
    public var settings: TrainingSettings
    public var method: Method

    public init() {
        settings = TrainingSettings()
        method = Method()
        settings.outputDir = "runs/\(Method.method.rawValue)"
        Method.adjust(&settings)
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

    public static var descriptions: [KeyDescription] {
        TrainingSettings.descriptions + Method.descriptions
    }

    public func check() throws(RecipeFault) {
        try settings.check()
        try method.check(settings)
    }
}
