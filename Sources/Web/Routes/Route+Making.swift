import Foundation
import Hummingbird

extension Route {
    /// The limit of a JSON body unless a route says otherwise, in bytes.
    package static var bodyLimit: Int { 256 * 1024 }

    /// A route without a body that replies with JSON.
    package static func plain(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String,
        query: [Schema.Field] = [], status: HTTPResponse.Status = .ok,
        handler: @escaping @Sendable (Call) async throws -> some Encodable & Sendable
    ) -> Self {
        Self(
            method: method, path: path, access: access, summary: summary, query: query,
            status: status
        ) { call in
            try JSONReply.make(try await handler(call), status: status)
        }
    }

    /// A route that reads without a body.
    package static func get(
        _ path: String, _ access: Access, _ summary: String, query: [Schema.Field] = [],
        handler: @escaping @Sendable (Call) async throws -> some Encodable & Sendable
    ) -> Self {
        plain(.get, path, access, summary, query: query, handler: handler)
    }

    /// A route whose JSON body is checked against `schema`, decoded and handed over.
    package static func json<Body: Decodable & Sendable>(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String,
        body schema: Schema, limit: Int = bodyLimit, status: HTTPResponse.Status = .ok,
        handler: @escaping @Sendable (Body, Call) async throws -> some Encodable & Sendable
    ) -> Self {
        Self(
            method: method, path: path, access: access, summary: summary,
            body: .json(schema, limit: limit), status: status
        ) { call in
            let (value, _) = try await RequestBodyReader.json(
                call.request, schema: schema, limit: limit)
            let body = try RequestBodyReader.decode(Body.self, from: value)
            return try JSONReply.make(try await handler(body, call), status: status)
        }
    }

    /// A route without a body and without a reply: 204.
    package static func silent(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String,
        handler: @escaping @Sendable (Call) async throws -> Void
    ) -> Self {
        Self(
            method: method, path: path, access: access, summary: summary, reply: .empty,
            status: .noContent
        ) { call in
            try await handler(call)
            return Response(status: .noContent)
        }
    }
}
