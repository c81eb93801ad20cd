import Feedback
import Records
import Testing

@testable import Workbench

struct VersionsRouteTests {
    @Test func promotesABetterVersionAndRollsBack() async throws {
        let bench = try await Bench()
        let better = try await bench.addVersion(before: 0.5, after: 0.6)
        try await bench.run { client in
            let path = "/api/versions/\(better.id)/promote"
            let promoted = try await client.post(path, as: bench.administrator, "{}")
            #expect(promoted.status == 200)
            #expect(promoted.json["current"]?.integer == Int(better.id))
            let list = try await client.get("/api/versions", as: bench.viewer).json
            #expect(list["current"]?.integer == Int(better.id))
            let line = try #require(list["versions"]?.array?.last)
            #expect(line["parent"] == .integer(1))
            #expect(line["datasetHash"] == .null)
            let back = try await client.post("/api/versions/rollback", as: bench.administrator)
            #expect(back.json["current"] == .integer(1))
            let further = try await client.post(
                "/api/versions/rollback", as: bench.administrator)
            #expect(further.status == 409)
        }
    }

    @Test func promotesAWorseVersionForAReasonOnly() async throws {
        let bench = try await Bench()
        let worse = try await bench.addVersion(before: 0.5, after: 0.4)
        try await bench.run { client in
            let path = "/api/versions/\(worse.id)/promote"
            let refused = try await client.post(path, as: bench.administrator, "{}")
            #expect(refused.status == 409)
            #expect(refused.code == "worse")
            let given = try await client.post(
                path, as: bench.administrator, "{\"reason\":\"for the trial\"}")
            #expect(given.status == 200)
        }
    }
}
