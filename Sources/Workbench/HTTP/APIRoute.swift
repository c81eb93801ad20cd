import Hummingbird

/// One route of the API: how it is described and what it does. The router and `/openapi.json` are
/// both made from the same list.
struct APIRoute: Sendable {
    /// What a request's body is.
    enum Body: Sendable {
        case none
        case json(Schema, limit: Int)
        /// Text of one of these content types, of at most `limit` bytes.
        case text([String], limit: Int)
        /// A file of one of these content types, of at most `limit` bytes.
        case bytes([String], limit: Int)
    }

    /// What a reply's body is.
    enum Reply: Sendable {
        case empty
        case json
        case events
        case file(contentType: String)
    }

    typealias Handler = @Sendable (APICall) async throws -> Response

    let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/api/cases/{id}`.
    let path: String
    let access: Access
    let summary: String
    var query: [Schema.Field] = []
    var body = Body.none
    var reply = Reply.json
    var status = HTTPResponse.Status.ok
    let handler: Handler

    /// The names in braces.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
    }

    /// The path as the router writes it: `/api/cases/:id`.
    var routerPath: RouterPath {
        let parts = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }
        return RouterPath("/" + parts.joined(separator: "/"))
    }
}
