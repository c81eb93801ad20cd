import Foundation
import Hummingbird
import Records

/// The description of the API as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0).
package struct OpenAPIDocument<Access: RouteAccess>: Sendable {
    package let title: String
    package let routes: [Route<Access>]

    package init(title: String, routes: [Route<Access>]) {
        self.title = title
        self.routes = routes
    }

    /// The document.
    package var json: JSONValue {
        .object([
            "openapi": .string("3.1.0"),
            "info": .object([
                "title": .string(title), "version": .string("1"),
            ]),
            "paths": .object(paths),
            "components": components,
        ])
    }

    private var paths: [String: JSONValue] {
        Dictionary(grouping: routes, by: \.path).mapValues { group in
            let operations = group.map { ($0.method.rawValue.lowercased(), operation($0)) }
            return .object(Dictionary(operations) { first, _ in first })
        }
    }

    private func operation(_ route: Route<Access>) -> JSONValue {
        var members: [String: JSONValue] = [
            "summary": .string(route.summary),
            "operationId": .string(Self.operationID(route)),
            "responses": responses(route),
            "parameters": .array(parameters(route)),
        ]
        if let body = requestBody(route) { members["requestBody"] = body }
        let needs = route.access.security(of: route.method)
        if !needs.isEmpty {
            let schemes = Dictionary(needs.map { ($0, JSONValue.array([])) }) { first, _ in first }
            members["security"] = .array([.object(schemes)])
        }
        return .object(members)
    }

    private func parameters(_ route: Route<Access>) -> [JSONValue] {
        let inPath = route.parameters.map { name in
            JSONValue.object([
                "name": .string(name), "in": .string("path"), "required": .bool(true),
                "schema": Schema.text(1...200).openAPI,
            ])
        }
        let inQuery = route.query.map { field in
            JSONValue.object([
                "name": .string(field.name), "in": .string("query"),
                "required": .bool(field.isRequired), "schema": field.schema.openAPI,
            ])
        }
        return inPath + inQuery
    }

    private func requestBody(_ route: Route<Access>) -> JSONValue? {
        let content: [String: JSONValue]
        switch route.body {
        case .none: return nil
        case .json(let schema, _):
            content = ["application/json": .object(["schema": schema.openAPI])]
        case .text(let types, _):
            let shape = JSONValue.object(["schema": .object(["type": .string("string")])])
            content = Dictionary(types.map { ($0, shape) }) { first, _ in first }
        // OpenAPI 3.1, section 4.8.14.3: a file has no schema.
        case .bytes(let types, _):
            content = Dictionary(types.map { ($0, JSONValue.object([:])) }) { first, _ in first }
        }
        return .object(["required": .bool(true), "content": .object(content)])
    }

    private func responses(_ route: Route<Access>) -> JSONValue {
        var success: [String: JSONValue] = ["description": .string(route.status.reasonPhrase)]
        if let type = Self.contentType(route.reply) {
            success["content"] = .object([type: .object([:])])
        }
        return .object([
            String(route.status.code): .object(success),
            "4XX": .object(["$ref": .string("#/components/responses/Refusal")]),
            "503": .object(["$ref": .string("#/components/responses/Refusal")]),
        ])
    }

    private static func contentType(_ reply: Route<Access>.Reply) -> String? {
        switch reply {
        case .empty: nil
        case .json: "application/json"
        case .events: "text/event-stream"
        case .file(let contentType): contentType
        }
    }

    /// `GET /api/cases/{id}` becomes `get_api_cases_id`.
    private static func operationID(_ route: Route<Access>) -> String {
        let words = route.path.split { "/{}.".contains($0) }
        return ([route.method.rawValue.lowercased()] + words.map(String.init))
            .joined(separator: "_")
    }
}
