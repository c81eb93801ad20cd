import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Records
import Testing

@testable import Web

/// A server of another kind than the workbench: a key in a header, no pages, no sessions.
struct SecondServerTests {
    private struct KeyAccess: RouteAccess {
        let needsKey: Bool

        func check(_ request: Request, _ context: BasicRequestContext) throws(APIError) {
            guard needsKey else { return }
            guard let name = HTTPField.Name("X-Key"),
                SecretBytes.areEqual((request.headers[name] ?? "").utf8, "secret".utf8)
            else { throw .signInNeeded }
        }

        func security(of method: HTTPRequest.Method) -> [String] { needsKey ? ["key"] : [] }

        static let schemes = ["key": key(in: "header", "X-Key")]
    }

    private struct Words: Codable, Sendable { let words: [String] }

    private struct Busy: APIErrorConvertible {
        var apiError: APIError? { APIError(.serviceUnavailable, "busy", "Ask again.") }
    }

    private static let routes: [Route<KeyAccess>] = [
        .get("/health", KeyAccess(needsKey: false), "Whether it answers") { _ in ["ok"] },
        .json(
            .post, "/join/{with}", KeyAccess(needsKey: true), "Joins words",
            body: .object([.required("words", .list(.text(1...9), count: 1...3))])
        ) { (body: Words, call) in try body.words.joined(separator: call.text("with")) },
        .get("/busy", KeyAccess(needsKey: false), "Always busy") { _ -> String in throw Busy() },
    ]

    private func ask(
        _ path: String, _ method: HTTPRequest.Method, key: String? = nil, body: String? = nil
    ) async throws -> (status: Int, text: String, allow: String?) {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ErrorMiddleware())
        RouteTable(routes: Self.routes).register(in: router)
        return try await Application(router: router).test(.router) { client in
            var headers: HTTPFields = body == nil ? [:] : [.contentType: "application/json"]
            if let key, let name = HTTPField.Name("X-Key") { headers[name] = key }
            return try await client.execute(
                uri: path, method: method, headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            ) { reply in
                (reply.status.code, String(buffer: reply.body), reply.headers[.allow])
            }
        }
    }

    @Test func answersWhoeverMay() async throws {
        #expect(try await ask("/health", .get).text == "[\"ok\"]")
        let body = "{\"words\": [\"a\", \"b\"]}"
        let joined = try await ask("/join/-", .post, key: "secret", body: body)
        #expect(joined.text == "\"a-b\"")
        #expect(try await ask("/join/-", .post, body: body).status == 401)
        #expect(try await ask("/join/-", .post, key: "guess!", body: body).status == 401)
    }

    @Test func refusesInOneForm() async throws {
        let unknown = try await ask("/join/-", .post, key: "secret", body: "{\"word\": []}")
        #expect(unknown.status == 422)
        #expect(unknown.text.contains("\\\"words\\\" may be meant"))
        let method = try await ask("/health", .delete)
        #expect(method.status == 405)
        #expect(method.allow == "GET, HEAD")
        let busy = try await ask("/busy", .get)
        #expect(busy.status == 503)
        #expect(busy.text == "{\"error\":{\"code\":\"busy\",\"message\":\"Ask again.\"}}")
    }

    @Test func describesItself() throws {
        let document = OpenAPIDocument(title: "Words", routes: Self.routes).json
        let join = document.object?["paths"]?.object?["/join/{with}"]?.object?["post"]?.object
        #expect(join?["security"] == .array([.object(["key": .array([])])]))
        let schemes = document.object?["components"]?.object?["securitySchemes"]?.object
        #expect(schemes?.keys.sorted() == ["key"])
        #expect(document.object?["info"]?.object?["title"] == .string("Words"))
    }
}
