/// What is wrong with a file: which file, which part of it, and why.
///
/// It never holds a text of the file's records: names of tensors, keys and line numbers only.
public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    public let file: String
    /// The part of the file: a tensor's name, a metadata key or "line 12"; nil for the whole.
    public let item: String?
    /// What is wrong, in words for the user.
    public let reason: String

    /// An error about a file or a part of it.
    public init(file: String, item: String? = nil, reason: String) {
        self.file = file
        self.item = item
        self.reason = reason
    }

    /// File, part and reason, joined by colons.
    public var description: String {
        [file, item, reason].compactMap { $0 }.joined(separator: ": ")
    }
}
