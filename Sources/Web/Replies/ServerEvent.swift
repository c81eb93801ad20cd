import NIOCore

/// One server-sent event (WHATWG HTML, section 9.2).
package struct ServerEvent: Sendable, Hashable {
    package let name: String
    /// JSON on one line.
    package let data: String

    /// - Throws: What the value's encoding throws.
    package init(name: String, _ value: some Encodable) throws {
        self.name = name
        data = try JSONReply.text(value)
    }

    /// The bytes on the wire.
    package var frame: ByteBuffer { ByteBuffer(string: "event: \(name)\ndata: \(data)\n\n") }

    /// A comment, which browsers ignore; it keeps proxies from closing a quiet connection.
    package static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")
}
