/// Why a tokenizer cannot be loaded: which file, which key of it, and the reason.
public struct TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    public let source: String
    /// The metadata key, member or line at fault; nil for the whole file.
    public let item: String?
    /// What is wrong.
    public let reason: String

    /// An error in a file, or in an item of it.
    public init(source: String, item: String? = nil, reason: String) {
        self.source = source
        self.item = item
        self.reason = reason
    }

    /// File, item and reason.
    public var description: String {
        [source, item, reason].compactMap { $0 }.joined(separator: ": ")
    }
}
