import Feedback
import Records
import Testing

@testable import Workbench

struct CasesRouteTests {
    private static let typed = """
        {"question":"Chest pain?","options":[{"letter":"A","text":"Infarct"},\
        {"letter":"B","text":"Reflux"}],"answer":"A","diagnosis":"Infarct"}
        """

    @Test func addsShowsAndDeletes() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let made = try await client.post("/api/cases", as: bench.expert, Self.typed)
            #expect(made.status == 201)
            let id = try #require(made.json["case"]?["id"]?.string)
            let shown = try await client.get("/api/cases/\(id)", as: bench.viewer)
            #expect(shown.json["case"]?["question"] == .string("Chest pain?"))
            #expect(shown.json["samplings"] == .array([]))
            let again = try await client.post("/api/cases", as: bench.expert, Self.typed)
            #expect(again.status == 409)
            #expect(again.code == "duplicate")
            let gone = try await client.send(
                .delete, "/api/cases/\(id)", as: bench.administrator)
            #expect(gone.status == 204)
            #expect(try await client.get("/api/cases/\(id)", as: bench.viewer).status == 404)
        }
    }

    @Test func listsAndSearches() async throws {
        let bench = try await Bench()
        _ = try await bench.addCase("Fever and rash?")
        _ = try await bench.addCase("Cough?")
        try await bench.run { client in
            let all = try await client.get("/api/cases?limit=1", as: bench.viewer)
            #expect(all.json["total"] == .integer(2))
            #expect(all.json["cases"]?.array?.count == 1)
            let some = try await client.get("/api/cases?query=rash", as: bench.viewer)
            #expect(some.json["total"] == .integer(1))
        }
    }

    @Test func importsAFileOrNothingOfIt() async throws {
        let bench = try await Bench()
        let good = "{\"question\":\"Q1?\",\"answer\":\"x\"}\n"
        try await bench.run { client in
            let bad = try await client.send(
                .post, "/api/cases/import?format=jsonl", as: bench.expert, json: good + "{broken\n",
                headers: ["Content-Type": "text/plain"])
            #expect(bad.status == 422)
            #expect(bad.code == "malformed")
            #expect(bad.json["error"]?["problems"]?.array?.first?["line"] == .integer(2))
            #expect(try await bench.store.cases.count() == 0)
            let done = try await client.send(
                .post, "/api/cases/import?format=jsonl", as: bench.expert, json: good,
                headers: ["Content-Type": "application/x-ndjson"])
            #expect(done.status == 201)
            #expect(done.json["imported"] == .integer(1))
            let csv = try await client.send(
                .post, "/api/cases/import?format=csv", as: bench.expert,
                json: "question,answer\nQ2?,y\n", headers: ["Content-Type": "text/csv"])
            #expect(csv.json["imported"] == .integer(1))
            let none = try await client.send(.post, "/api/cases/import", as: bench.expert)
            #expect(none.status == 422)
        }
    }

    @Test func importsFromTheBank() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.post(
                "/api/cases/bank", as: bench.expert, "{\"count\":3,\"seed\":7}")
            #expect(reply.status == 201)
            #expect(reply.json["imported"] == .integer(3))
        }
    }

    @Test func refusesToDeleteWhatWasJudged() async throws {
        let bench = try await Bench()
        let item = try await bench.addCase()
        let sampling = try await bench.addSampling(of: item.id)
        let sheet = try await bench.store.rankings.sheet(
            sampling.id, for: bench.expert.account.id)
        let ranks = ByTrace(Dictionary(uniqueKeysWithValues: sheet.traces.map { ($0.id, 1) }))
        _ = try await bench.store.rankings.submit(
            RankingSubmission(revision: 0, ranks: ranks), samplingID: sampling.id,
            by: bench.expert.account.id)
        try await bench.run { client in
            let reply = try await client.send(
                .delete, "/api/cases/\(item.id)", as: bench.administrator)
            #expect(reply.status == 409)
            #expect(reply.code == "in_use")
        }
    }

    /// Case text is data: it comes back as JSON, never as markup.
    @Test func textThatLooksLikeMarkupIsOnlyText() async throws {
        let bench = try await Bench()
        let text = "<script>alert(1)</script> & \"quotes\" \u{2028}"
        let item = try await bench.addCase(text)
        try await bench.run { client in
            let reply = try await client.get("/api/cases/\(item.id)", as: bench.viewer)
            #expect(reply.header("Content-Type") == "application/json; charset=utf-8")
            #expect(reply.json["case"]?["question"]?.string?.hasPrefix("<script>") == true)
            let page = try await client.get("/cases/\(item.id)", as: bench.viewer)
            #expect(!page.text.contains("alert(1)"))
        }
    }
}
