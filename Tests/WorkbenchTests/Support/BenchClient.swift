import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Records

@testable import Workbench

/// What a request was answered.
struct BenchReply: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    /// Of a body that is UTF-8.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The body; null where it is no JSON.
    var json: JSONValue {
        (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null
    }

    /// The code of a refusal.
    var code: String? { json["error"]?["code"]?.string }

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }
}

/// Sends requests as a person's page does.
struct BenchClient: Sendable {
    let client: any TestClientProtocol

    /// - Parameters:
    ///   - person: Whose cookie and CSRF token are sent.
    ///   - json: The body, as JSON.
    ///   - bytes: The body of what is no JSON.
    ///   - headers: Replace those that are sent by themselves.
    func send(
        _ method: HTTPRequest.Method, _ path: String, as person: Bench.Person? = nil,
        json: String? = nil, bytes: ByteBuffer? = nil, headers: [String: String] = [:]
    ) async throws -> BenchReply {
        var fields = HTTPFields()
        if let person {
            fields[.cookie] = "theme=dark; preceptor_session=\(person.token)"
            set("X-CSRF-Token", person.csrf, &fields)
        }
        if json != nil { fields[.contentType] = "application/json" }
        for (name, value) in headers { set(name, value, &fields) }
        return try await client.execute(
            uri: path, method: method, headers: fields,
            body: bytes ?? json.map { ByteBuffer(string: $0) }
        ) { response in
            BenchReply(
                status: response.status.code, headers: response.headers,
                bytes: Array(response.body.readableBytesView))
        }
    }

    /// Runs requests against an application's routes.
    static func run(
        _ application: WorkbenchApplication,
        _ body: @Sendable (BenchClient) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let app = Application(router: application.router(), logger: logger)
        try await app.test(.router) { client in
            try await body(BenchClient(client: client))
        }
    }

    func get(_ path: String, as person: Bench.Person? = nil) async throws -> BenchReply {
        try await send(.get, path, as: person)
    }

    func post(
        _ path: String, as person: Bench.Person? = nil, _ json: String? = nil
    ) async throws -> BenchReply {
        try await send(.post, path, as: person, json: json)
    }

    private func set(_ name: String, _ value: String, _ fields: inout HTTPFields) {
        guard let name = HTTPField.Name(name) else { return }
        fields[name] = value.isEmpty ? nil : value
    }
}
