import Feedback
import Records
import Testing

@testable import Workbench

struct RankingRouteTests {
    /// A workbench with one sampling to judge.
    private static func make() async throws -> (bench: Bench, sampling: Int64) {
        let bench = try await Bench()
        let item = try await bench.addCase()
        return (bench, try await bench.addSampling(of: item.id).id)
    }

    private static func body(
        _ answers: [JSONValue], revision: Int, ranks: [Int] = [1, 2]
    ) -> String {
        let pairs = zip(answers, ranks).map { answer, rank in
            "\"\(answer["id"]?.integer ?? 0)\":\(rank)"
        }
        return "{\"revision\":\(revision),\"ranks\":{\(pairs.joined(separator: ","))}}"
    }

    @Test func theSheetIsBlind() async throws {
        let (bench, id) = try await Self.make()
        try await bench.run { client in
            let reply = try await client.get("/api/samplings/\(id)/sheet", as: bench.expert)
            #expect(reply.status == 200)
            let answers = try #require(reply.json["answers"]?.array)
            #expect(Set(answers.compactMap { $0["text"]?.string }) == ["First.", "Second."])
            #expect(answers.allSatisfy { Set(($0.object ?? [:]).keys) == ["id", "text"] })
            #expect(!reply.text.contains("version"))
            #expect(reply.json["ranking"] == .null)
            #expect(reply.json["draft"] == .null)
            #expect(reply.json["case"]?["options"]?.array?.count == 2)
        }
    }

    @Test func theQueueShrinks() async throws {
        let (bench, id) = try await Self.make()
        try await bench.run { client in
            let before = try await client.get("/api/queue", as: bench.expert).json
            #expect(before["remaining"] == .integer(1))
            #expect(before["next"]?.array?.first?["draft"] == .bool(false))
            let sheet = try await client.get("/api/samplings/\(id)/sheet", as: bench.expert)
            _ = try await client.send(
                .put, "/api/drafts/ranking-\(id)", as: bench.expert, json: "{\"a\":1}")
            let begun = try await client.get("/api/queue", as: bench.expert).json
            #expect(begun["next"]?.array?.first?["draft"] == .bool(true))
            let answers = try #require(sheet.json["answers"]?.array)
            _ = try await client.send(
                .put, "/api/samplings/\(id)/ranking", as: bench.expert,
                json: Self.body(answers, revision: 0))
            let after = try await client.get("/api/queue", as: bench.expert).json
            #expect(after["remaining"] == .integer(0))
            #expect(after["done"] == .integer(1))
            let draft = try await client.get("/api/drafts/ranking-\(id)", as: bench.expert)
            #expect(draft.json == .null)
        }
    }

    @Test func aStaleRevisionIsAConflict() async throws {
        let (bench, id) = try await Self.make()
        let path = "/api/samplings/\(id)/ranking"
        try await bench.run { client in
            let sheet = try await client.get("/api/samplings/\(id)/sheet", as: bench.expert)
            let answers = try #require(sheet.json["answers"]?.array)
            let first = try await client.send(
                .put, path, as: bench.expert, json: Self.body(answers, revision: 0))
            #expect(first.status == 200)
            #expect(first.json["revision"] == .integer(1))
            #expect(bench.updates.judgements == 1)
            let stale = try await client.send(
                .put, path, as: bench.expert,
                json: Self.body(answers, revision: 0, ranks: [2, 1]))
            #expect(stale.status == 409)
            #expect(stale.code == "stale")
            #expect(stale.json["current"]?["revision"] == .integer(1))
            #expect(bench.updates.judgements == 1)
            let second = try await client.send(
                .put, path, as: bench.expert,
                json: Self.body(answers, revision: 1, ranks: [1, 1]))
            #expect(second.json["revision"] == .integer(2))
        }
    }

    @Test func twoExpertsDoNotMeet() async throws {
        let (bench, id) = try await Self.make()
        try await bench.run { client in
            for person in [bench.expert, bench.administrator] {
                let sheet = try await client.get("/api/samplings/\(id)/sheet", as: person)
                let answers = try #require(sheet.json["answers"]?.array)
                let reply = try await client.send(
                    .put, "/api/samplings/\(id)/ranking", as: person,
                    json: Self.body(answers, revision: 0))
                #expect(reply.json["revision"] == .integer(1))
            }
        }
        #expect(try await bench.store.rankings.ofSampling(id).count == 2)
    }

    @Test(arguments: [
        "{\"revision\":0,\"ranks\":{\"x\":1}}", "{\"revision\":0,\"ranks\":{\"999\":1}}",
        "{\"revision\":0,\"ranks\":{}}", "{\"revision\":0,\"ranks\":{\"1\":0,\"2\":1}}",
        "{\"revision\":0,\"ranks\":{\"1\":1,\"2\":1},\"axes\":{\"1\":{\"style\":3}}}",
        "{\"revision\":0,\"ranks\":{\"1\":1,\"2\":1},\"seconds\":-1}",
        """
        {"revision":0,"ranks":{"1":1,"2":1},\
        "spans":[{"traceID":1,"start":5,"end":2,"kind":"x","note":""}]}
        """,
    ])
    func badRankingsAreRefused(body: String) async throws {
        let (bench, id) = try await Self.make()
        try await bench.run { client in
            _ = try await client.get("/api/samplings/\(id)/sheet", as: bench.expert)
            let reply = try await client.send(
                .put, "/api/samplings/\(id)/ranking", as: bench.expert, json: body)
            #expect(reply.status == 422, "\(reply.text)")
        }
    }

    @Test func theMathematicsIsOfMyRanking() async throws {
        let (bench, id) = try await Self.make()
        let path = "/api/samplings/\(id)/mathematics"
        try await bench.run { client in
            #expect(try await client.get(path, as: bench.expert).status == 404)
            let sheet = try await client.get("/api/samplings/\(id)/sheet", as: bench.expert)
            let answers = try #require(sheet.json["answers"]?.array)
            _ = try await client.send(
                .put, "/api/samplings/\(id)/ranking", as: bench.expert,
                json: Self.body(answers, revision: 0))
            let reply = try await client.get(path + "?beta=0.2", as: bench.expert)
            #expect(reply.status == 200)
            #expect(reply.json["beta"] == .number(0.2))
            #expect(try await client.get(path + "?beta=0", as: bench.expert).status == 422)
        }
    }

    @Test func draftsBelongToOnePerson() async throws {
        let bench = try await Bench()
        let path = "/api/drafts/ask%20%C3%A9"
        try await bench.run { client in
            #expect(try await client.get(path, as: bench.expert).text == "null")
            let kept = try await client.send(
                .put, path, as: bench.expert, json: "{\"text\":\"half a\"}")
            #expect(kept.status == 200)
            #expect(kept.json["updatedAt"] != nil)
            let mine = try await client.get(path, as: bench.expert)
            #expect(mine.json["body"]?["text"] == .string("half a"))
            let others = try await client.get(path, as: bench.administrator)
            #expect(others.text == "null")
            let gone = try await client.send(.delete, path, as: bench.expert)
            #expect(gone.status == 204)
            #expect(try await client.get(path, as: bench.expert).text == "null")
        }
    }
}
