import Foundation
import Records

/// A run's settings as a flat YAML file holds them.
///
/// Its keys are its properties' names in snake case.
public protocol Recipe: Codable, Sendable {
    init()
    /// What each key is; every one of them is described, and no other.
    static var descriptions: [KeyDescription] { get }
    /// A value with its relative paths counted from a folder: the recipe's, or for the command
    /// line the current one.
    static func resolved(_ value: JSONValue, _ key: KeyDescription, in folder: URL) -> JSONValue
    /// - Throws: the first value out of its range.
    func check() throws(RecipeFault)
}

extension Recipe {
    public static func resolved(
        _ value: JSONValue, _ key: KeyDescription, in folder: URL
    ) -> JSONValue {
        key.resolved(value, in: folder)
    }
}

extension URL {
    /// A path, counted from this folder unless it is absolute.
    public func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : appending(path: path).standardizedFileURL.path
    }
}
