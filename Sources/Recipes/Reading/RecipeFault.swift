/// A key whose value cannot be used.
public struct RecipeFault: Error, Sendable, Hashable {
    public let key: String?
    public let reason: String

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
