import Hummingbird

/// One route of the API: how it is described and what it does. The router and `/openapi.json` are
/// both made from the same list.
package struct Route<Access: RouteAccess>: Sendable {
    /// What a request's body is.
    package enum Body: Sendable {
        case none
        case json(Schema, limit: Int)
        /// Text of one of these content types, of at most `limit` bytes.
        case text([String], limit: Int)
        /// A file of one of these content types, of at most `limit` bytes.
        case bytes([String], limit: Int)
    }

    /// What a reply's body is.
    package enum Reply: Sendable {
        case empty
        case json
        case events
        case file(contentType: String)
    }

    package typealias Call = RouteCall<Access.Context>
    package typealias Handler = @Sendable (Call) async throws -> Response

    package let method: HTTPRequest.Method
    /// As OpenAPI writes it: `/api/cases/{id}`.
    package let path: String
    package let access: Access
    package let summary: String
    package let query: [Schema.Field]
    package let body: Body
    package let reply: Reply
    package let status: HTTPResponse.Status
    package let handler: Handler

    package init(
        method: HTTPRequest.Method, path: String, access: Access, summary: String,
        query: [Schema.Field] = [], body: Body = .none, reply: Reply = .json,
        status: HTTPResponse.Status = .ok, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.summary = summary
        self.query = query
        self.body = body
        self.reply = reply
        self.status = status
        self.handler = handler
    }

    /// The names in braces.
    package var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
    }

    /// The path as the router writes it: `/api/cases/:id`.
    package var routerPath: RouterPath {
        let parts = path.split(separator: "/").map { part in
            part.hasPrefix("{") ? ":" + part.dropFirst().dropLast() : String(part)
        }
        return RouterPath("/" + parts.joined(separator: "/"))
    }
}
