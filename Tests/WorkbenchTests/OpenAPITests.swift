import Records
import Testing

@testable import Workbench

struct OpenAPITests {
    @Test func describesEveryRoute() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let document = try await client.get("/openapi.json").json
            #expect(document["openapi"] == .string("3.1.0"))
            let paths = try #require(document["paths"]?.object)
            var described: Set<String> = []
            for (path, operations) in paths {
                for method in (operations.object ?? [:]).keys {
                    described.insert("\(method.uppercased()) \(path)")
                }
            }
            let others = Set(AccessTests.matrix.keys).subtracting(["GET /openapi.json"])
            #expect(described == others)
        }
    }

    @Test func everyDescribedPathIsServed() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let paths = try await client.get("/openapi.json").json["paths"]?.object ?? [:]
            for (path, _) in paths {
                let address = path.replacing("{id}", with: "1").replacing("{key}", with: "k")
                let reply = try await client.send(.options, address)
                #expect(reply.status == 405, "\(path)")
            }
        }
    }

    @Test func namesParametersBodiesAndRights() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let document = try await client.get("/openapi.json").json
            let ranking = document["paths"]?["/api/samplings/{id}/ranking"]?["put"]
            let parameter = ranking?["parameters"]?.array?.first
            #expect(parameter?["name"] == .string("id"))
            #expect(parameter?["in"] == .string("path"))
            #expect(ranking?["security"]?.array?.first?["csrf"] != nil)
            let schema = ranking?["requestBody"]?["content"]?["application/json"]?["schema"]
            #expect(schema?["required"] == .array([.string("revision"), .string("ranks")]))
            let identities = Set(
                (document["paths"]?.object ?? [:]).values.flatMap { path in
                    (path.object ?? [:]).values.compactMap { $0["operationId"]?.string }
                })
            #expect(identities.count == AccessTests.matrix.count - 1)
        }
    }
}
