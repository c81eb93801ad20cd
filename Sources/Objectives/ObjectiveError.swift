/// A setting with which an objective has no meaning.
public struct ObjectiveError: Error, Equatable, CustomStringConvertible {
    /// The setting as a recipe spells it.
    public let setting: String
    /// Its value and what it must be.
    public let reason: String

    /// An error unless `condition` holds.
    static func require(
        _ condition: Bool, _ setting: String, _ reason: @autoclosure () -> String
    ) throws(ObjectiveError) {
        if !condition { throw ObjectiveError(setting: setting, reason: reason()) }
    }

    public var description: String { "\(setting) \(reason)" }
}
