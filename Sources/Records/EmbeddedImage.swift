/// An image whose bytes stand in a record itself.
///
/// Two are equal when their bytes are; neither its description nor a fault shows them.
public struct EmbeddedImage: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The file that it would be.
    public let bytes: [UInt8]
    /// Of the bytes, in hexadecimal.
    public let sha256: String

    public init(bytes: [UInt8], sha256: String) {
        (self.bytes, self.sha256) = (bytes, sha256)
    }

    public var description: String { "\(bytes.count) bytes, SHA-256 \(sha256)" }
    public var debugDescription: String { description }
}

extension EmbeddedImage: Hashable {
    public static func == (one: EmbeddedImage, other: EmbeddedImage) -> Bool {
        one.sha256 == other.sha256
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
}

extension EmbeddedImage: Codable {}
