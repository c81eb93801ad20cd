import Feedback
import Hummingbird
import Testing

@testable import Workbench

/// Bad input to every route is refused with a 4xx that says why.
struct InputTests {
    private static func isExplained(_ reply: BenchReply) -> Bool {
        (400..<500).contains(reply.status) && reply.json["error"]?["message"]?.string != nil
    }

    @Test func everyJSONRouteRefusesWhatIsNoJSON() async throws {
        let bench = try await Bench()
        let bodies = [
            "", "{", "[1,2", "nul", "{\"a\":1,\"a\":2}", "{\"a\":\u{7}}", "\u{FEFF}",
            String(repeating: "[", count: 10_000), "{\"x\":1e999}", "{\"x\":\"\\ud800\"}",
        ]
        try await bench.run { client in
            for route in bench.application.table.routes {
                guard case .json(let schema, _) = route.body else { continue }
                for body in bodies where schema != .anything || body != "{\"x\":1e999}" {
                    let reply = try await client.send(
                        route.method, AccessTests.address(route), as: bench.administrator,
                        json: body)
                    #expect(
                        Self.isExplained(reply),
                        "\(route.path) \(body.prefix(20)): \(reply.status)")
                }
            }
        }
    }

    @Test func everyJSONRouteNamesWhatIsWrong() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes {
                guard case .json(.object, _) = route.body else { continue }
                let reply = try await client.send(
                    route.method, AccessTests.address(route), as: bench.administrator,
                    json: "{\"surprise\":1}")
                #expect(reply.status == 422, "\(route.path)")
                #expect(reply.text.contains("surprise"))
                let array = try await client.send(
                    route.method, AccessTests.address(route), as: bench.administrator, json: "[]")
                #expect(array.status == 422)
            }
        }
    }

    @Test func everyJSONRouteNeedsItsContentType() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes {
                guard case .json = route.body else { continue }
                let reply = try await client.send(
                    route.method, AccessTests.address(route), as: bench.administrator, json: "{}",
                    headers: ["Content-Type": "text/plain"])
                #expect(reply.status == 415, "\(route.path)")
            }
        }
    }

    @Test func everyBodyIsBounded() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes {
                guard case .json(_, let limit) = route.body else { continue }
                let body = "\"" + String(repeating: "a", count: limit) + "\""
                let reply = try await client.send(
                    route.method, AccessTests.address(route), as: bench.administrator, json: body)
                #expect(reply.status == 413, "\(route.path)")
            }
            let file = try await client.send(
                .post, "/api/cases/import?format=csv", as: bench.expert,
                json: String(repeating: "a", count: CasesController.fileLimit + 1))
            #expect(file.status == 413)
        }
    }

    @Test(arguments: ["999", "0", "-1", "abc", "%ff", "99999999999999999999", "1%2F2", "%00"])
    func unknownIdsAreNotFound(id: String) async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes where route.path.contains("{id}") {
                guard case .none = route.body else { continue }
                let path = route.path.replacing("{id}", with: id)
                let reply = try await client.send(route.method, path, as: bench.administrator)
                #expect([400, 404].contains(reply.status), "\(path): \(reply.status)")
                #expect(reply.json["error"]?["message"] != nil)
            }
        }
    }

    @Test func unknownParametersAreRefused() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for route in bench.application.table.routes where route.method == .get {
                let reply = try await client.get(
                    AccessTests.address(route) + "?surprise=1", as: bench.administrator)
                #expect(reply.status == 422, "\(route.path)")
            }
        }
    }

    @Test func otherMethodsAreRefused() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.send(.put, "/api/cases", as: bench.administrator)
            #expect(reply.status == 405)
            #expect(reply.header("Allow") == "GET, HEAD, POST")
            let stream = try await client.send(
                .head, "/api/samplings/1/events", as: bench.viewer)
            #expect(stream.status == 405)
            let head = try await client.send(.head, "/api/cases", as: bench.viewer)
            #expect(head.status == 200)
            #expect(head.text.isEmpty)
        }
    }

    @Test func unknownAddressesAreNotFound() async throws {
        try await Bench().run { client in
            for path in ["/api/nothing", "/api", "/nothing/at/all", "/%ff"] {
                let reply = try await client.get(path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.json["error"]?["message"] != nil)
            }
        }
    }
}
