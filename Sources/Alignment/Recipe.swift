import Foundation
import Records

/// A run's settings as a flat YAML file holds them.
///
/// Its keys are its properties' names in snake case.
public protocol Recipe: Codable, Sendable {
    init()
    /// Keys that a resumed run may change.
    static var freeKeys: [String] { get }
    /// What keys with a fixed set of values may be.
    static var choices: [String: [String]] { get }
    /// A value with its relative paths counted from a folder: the recipe's, or for the command
    /// line the current one.
    static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue
    /// - Throws: the first value out of its range.
    func check() throws(RecipeFault)
}

extension URL {
    /// A path, counted from this folder unless it is absolute.
    public func resolved(_ path: String) -> String {
        path.hasPrefix("/") ? path : appending(path: path).standardizedFileURL.path
    }
}

/// A key whose value cannot be used.
public struct RecipeFault: Error, Sendable, Hashable {
    public let key: String?
    public let reason: String

    /// Products of two counts still fit an integer.
    public static let most = 1_000_000_000

    /// A fault of one key, or of the file as a whole.
    public init(key: String?, reason: String) {
        (self.key, self.reason) = (key, reason)
    }

    /// - Throws: the fault unless the condition holds.
    public static func require(
        _ holds: Bool, _ key: String, _ reason: String
    ) throws(RecipeFault) {
        if !holds { throw RecipeFault(key: key, reason: reason) }
    }
}

/// A recipe that cannot be used: file, key and reason.
public struct RecipeError: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String
    public let key: String?
    public let reason: String

    public var description: String {
        [file, key, reason].compactMap { $0 }.joined(separator: ": ")
    }
}
