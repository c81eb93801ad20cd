import Feedback
import Records
import Testing

@testable import Workbench

struct AskRouteTests {
    @Test func asksAcceptsAndCorrects() async throws {
        let bench = try await Bench()
        let sampling = try await bench.addSampling(of: nil, ["Take rest.", "Take tea."])
        let traces = try await bench.store.samplings.traces(of: sampling.id)
        try await bench.run { client in
            let asked = try await client.post(
                "/api/ask", as: bench.expert, "{\"prompt\":\"What to do?\"}")
            #expect(asked.status == 202)
            #expect(asked.json["sampling"]?["wanted"] == .integer(1))
            let accept = """
                {"traceID":\(traces[0].id),"preferredResponse":"Take rest.","type":"accept"}
                """
            let accepted = try await client.post("/api/feedback", as: bench.expert, accept)
            #expect(accepted.status == 201)
            #expect(accepted.json["statistics"]?["accepted"] == .integer(1))
            #expect(accepted.json["statistics"]?["untilRetrain"] == .integer(19))
            #expect(bench.updates.judgements == 1)
            let twice = try await client.post("/api/feedback", as: bench.expert, accept)
            #expect(twice.status == 409)
            let edit = """
                {"traceID":\(traces[1].id),"preferredResponse":"Take water.","type":"edit"}
                """
            _ = try await client.post("/api/feedback", as: bench.expert, edit)
            let statistics = try await client.get("/api/feedback/statistics", as: bench.viewer)
            #expect(statistics.json["editRate"]?.number == 0.5)
        }
    }

    @Test(arguments: ["{\"prompt\":\"\"}", "{\"prompt\":3}", "{}", "{\"prompt\":null}"])
    func refusesWhatIsNoQuestion(body: String) async throws {
        let bench = try await Bench()
        try await bench.run { client async throws in
            #expect(try await client.post("/api/ask", as: bench.expert, body).status == 422)
        }
    }
}
