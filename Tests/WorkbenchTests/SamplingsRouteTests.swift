import Feedback
import Records
import Testing

@testable import Workbench

struct SamplingsRouteTests {
    @Test func startsAndStops() async throws {
        let bench = try await Bench()
        let item = try await bench.addCase()
        try await bench.run { client in
            let started = try await client.post(
                "/api/cases/\(item.id)/samplings", as: bench.expert,
                "{\"wanted\":2,\"temperature\":0.8}")
            #expect(started.status == 202)
            let sampling = try #require(started.json["sampling"])
            #expect(sampling["wanted"] == .integer(2))
            let id = try #require(sampling["id"]?.integer)
            let stopped = try await client.post("/api/samplings/\(id)/stop", as: bench.expert)
            #expect(stopped.status == 202)
            #expect(stopped.json["sampling"]?["state"] == .string("stopped"))
            let again = try await client.post("/api/samplings/\(id)/stop", as: bench.expert)
            #expect(again.status == 409)
        }
    }

    @Test(arguments: [
        "{\"wanted\":0}", "{\"temperature\":9}", "{\"topP\":0}", "{\"verify\":1}",
        "{\"attempts\":1000000}", "{\"versionID\":\"1\"}",
    ])
    func refusesSettingsOutOfRange(body: String) async throws {
        let bench = try await Bench()
        let item = try await bench.addCase()
        try await bench.run { client in
            let reply = try await client.post(
                "/api/cases/\(item.id)/samplings", as: bench.expert, body)
            #expect(reply.status == 422)
        }
    }

    @Test func showsKeptAndRejected() async throws {
        let bench = try await Bench()
        let sampling = try await bench.addSampling(of: try await bench.addCase().id)
        try await bench.run { client in
            let json = try await client.get("/api/samplings/\(sampling.id)", as: bench.viewer).json
            #expect(
                json["traces"]?.array?.map { $0["text"] } == [
                    .string("First."), .string("Second."),
                ])
            #expect(json["rejected"]?.array?.first?["reason"] == .string("too similar"))
            // Two of three attempts.
            #expect(json["acceptance"]?.number == 2.0 / 3)
        }
    }

    @Test func streamsEvents() async throws {
        let bench = try await Bench(events: [
            .token(attempt: 1, text: "a\nb"), .token(attempt: 1, text: "<c>"),
        ])
        let sampling = try await bench.addSampling(of: nil)
        try await bench.run { client in
            let reply = try await client.get(
                "/api/samplings/\(sampling.id)/events", as: bench.viewer)
            #expect(reply.status == 200)
            #expect(reply.header("Content-Type") == "text/event-stream; charset=utf-8")
            #expect(reply.header("Cache-Control") == "no-store")
            #expect(
                reply.text == """
                    : keep-alive

                    event: token
                    data: {"attempt":1,"text":"a\\nb"}

                    event: token
                    data: {"attempt":1,"text":"<c>"}


                    """)
            let missing = try await client.get("/api/samplings/99/events", as: bench.viewer)
            #expect(missing.status == 404)
        }
    }
}
