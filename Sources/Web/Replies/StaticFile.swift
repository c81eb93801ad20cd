import Hummingbird

/// A file as browsers get it.
package struct StaticFile: Sendable {
    package let contentType: String
    package let bytes: ByteBuffer
    /// A strong validator (RFC 9110, section 8.8.3).
    package let tag: String

    /// - Parameter name: Whose ending says what the file is.
    package init(name: String, bytes: [UInt8]) {
        contentType = Self.contentType(name)
        self.bytes = ByteBuffer(bytes: bytes)
        tag = "\"\(SecretBytes.hash(of: String(decoding: bytes, as: UTF8.self)).prefix(32))\""
    }

    /// The file, or 304 to a browser that has it.
    package func response(to request: Request) -> Response {
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        guard !Self.names(request.headers[.ifNoneMatch], tag) else {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = contentType
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    private static func names(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { entry in
            let entry = entry.filter { !$0.isWhitespace }
            return entry == "*" || entry == tag || entry == "W/\(tag)"
        }
    }

    private static func contentType(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
