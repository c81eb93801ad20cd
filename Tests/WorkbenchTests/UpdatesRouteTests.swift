import Feedback
import Records
import Testing

@testable import Workbench

struct UpdatesRouteTests {
    @Test func startsOneTrainingAtATime() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let list = try await client.get("/api/updates", as: bench.viewer).json
            #expect(list["pending"] == .integer(0))
            #expect(list["threshold"] == .integer(20))
            #expect(list["automatic"] == .bool(true))
            let started = try await client.post(
                "/api/updates", as: bench.administrator, "{\"method\":\"dpo\"}")
            #expect(started.status == 202)
            let id = try #require(started.json["job"]?["id"]?.integer)
            let second = try await client.post(
                "/api/updates", as: bench.administrator, "{\"method\":\"sft\"}")
            #expect(second.status == 409)
            let shown = try await client.get("/api/updates/\(id)", as: bench.viewer)
            #expect(shown.json["curves"]?["loss"]?.array?.count == 2)
            let stream = try await client.get("/api/updates/\(id)/events", as: bench.viewer)
            #expect(stream.text.contains("event: state\ndata: {"))
            let all = try await client.get("/api/updates/events", as: bench.viewer)
            #expect(all.header("Content-Type") == "text/event-stream; charset=utf-8")
            #expect(all.text.contains("event: state\ndata: {"))
            #expect(all.text.contains("\"id\":\(id),"))
            let stopped = try await client.post(
                "/api/updates/\(id)/stop", as: bench.administrator)
            #expect(stopped.status == 202)
            #expect(stopped.json["job"]?["state"] == .string("stopped"))
        }
    }

    @Test func saysWhatIsMissing() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let few = try await client.post(
                "/api/updates", as: bench.administrator, "{\"method\":\"reward\"}")
            #expect(few.status == 422)
            #expect(few.code == "too_few")
            let unknown = try await client.post(
                "/api/updates", as: bench.administrator, "{\"method\":\"magic\"}")
            #expect(unknown.status == 422)
        }
    }
}
