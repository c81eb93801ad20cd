import Feedback
import Records
import Testing

@testable import Workbench

struct ArenaRouteTests {
    @Test func aDuelIsBlindUntilItIsJudged() async throws {
        let bench = try await Bench()
        let item = try await bench.addCase()
        let other = try await bench.addVersion(before: 0.5, after: 0.6)
        let left = try await bench.addSampling(of: item.id, ["One."])
        let right = try await bench.addSampling(of: item.id, ["Two."], version: other.id)
        let duel = try await bench.store.duels.create(
            caseID: item.id, samplings: (left.id, right.id), actor: nil)
        try await bench.run { client in
            let next = try await client.get("/api/arena/next", as: bench.expert)
            let shown = try #require(next.json["duel"])
            #expect(
                Set((shown.object ?? [:]).keys) == ["id", "question", "images", "left", "right"])
            #expect(!next.text.contains("ersion"))
            let judged = try await client.post(
                "/api/arena/\(duel.id)", as: bench.expert, "{\"outcome\":\"left\"}")
            #expect(judged.status == 200)
            #expect(judged.json["duel"]?["leftVersion"] != nil)
            let again = try await client.post(
                "/api/arena/\(duel.id)", as: bench.expert, "{\"outcome\":\"tie\"}")
            #expect(again.status == 409)
            let empty = try await client.get("/api/arena/next", as: bench.expert)
            #expect(empty.json["duel"] == .null)
            let standing = try await client.get("/api/arena/standing", as: bench.viewer)
            #expect(standing.json["pairs"]?.array?.count == 1)
        }
    }

    @Test func startsADuel() async throws {
        let bench = try await Bench()
        let item = try await bench.addCase()
        let other = try await bench.addVersion(before: 0.5, after: 0.6)
        try await bench.run { client in
            let body = "{\"left\":1,\"right\":\(other.id),\"caseID\":\"\(item.id)\"}"
            let reply = try await client.post("/api/arena", as: bench.expert, body)
            #expect(reply.status == 202)
            #expect(reply.json["duelID"] == .null)
            #expect(reply.json["samplings"]?.array?.count == 2)
            let unknown = try await client.post(
                "/api/arena", as: bench.expert, "{\"left\":1,\"right\":2,\"caseID\":\"none\"}")
            #expect(unknown.status == 404)
            let outcome = try await client.post(
                "/api/arena/1", as: bench.expert, "{\"outcome\":\"both\"}")
            #expect(outcome.status == 422)
        }
    }
}
