import Foundation
import Testing

@testable import Feedback

struct DuelStoreTests {
    private func challenger(_ world: World) async throws -> Int64 {
        let version = try await world.store.versions.create(
            parentID: world.base, method: "dpo", recipe: "", datasetID: nil, actor: nil)
        return try await world.store.versions.complete(
            version.id, adapter: "/adapter", metrics: .object([:]), actor: nil
        ).id
    }

    @Test(arguments: StoreKind.allCases)
    func aDuelIsShownWithBothAnswersAndJudgedOnce(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let other = try await challenger(world)
        let (first, _) = try await world.sample(["old answer"], of: item)
        let request = SamplingRequest(
            caseID: item.id, prompt: item.messages, versionID: other, wanted: 1,
            schedule: SamplingSchedule(), verify: false)
        let second = try await world.store.samplings.create(request, actor: nil).id
        let duel = try await world.store.duels.create(
            caseID: item.id, samplings: (first.id, second), actor: world.ann)
        #expect(Set([duel.leftVersion, duel.rightVersion]) == [world.base, other])
        #expect(try await world.store.duels.next() == nil)
        await #expect(
            throws: FeedbackError.wrongState(
                "duel", id: "\(duel.id)", reason: "has no answers yet")
        ) {
            try await world.store.duels.judge(duel.id, outcome: .left, by: world.bob)
        }
        _ = try await world.store.samplings.transition(second, to: .running, actor: nil)
        _ = try await world.store.samplings.append(.kept("new answer"), to: second, actor: nil)
        let sheet = try await world.store.duels.next()
        #expect(sheet?.question == item.question)
        #expect(Set([sheet?.left.text, sheet?.right.text]) == ["old answer", "new answer"])
        #expect(sheet?.left.versionID == duel.leftVersion)
        let judged = try await world.store.duels.judge(duel.id, outcome: .tie, by: world.bob)
        #expect(judged.outcome == .tie)
        #expect(judged.accountID == world.bob)
        #expect(judged.leftTrace == sheet?.left.id)
        #expect(try await world.store.duels.next() == nil)
        await #expect(
            throws: FeedbackError.wrongState("duel", id: "\(duel.id)", reason: "was judged before")
        ) {
            try await world.store.duels.judge(duel.id, outcome: .left, by: world.ann)
        }
    }

    @Test func refusesOneVersionAgainstItself() async throws {
        let world = try await World(.memory)
        let item = try await world.addCase()
        let (first, _) = try await world.sample(["one"], of: item)
        let (second, _) = try await world.sample(["two"], of: item)
        await #expect(
            throws: FeedbackError.invalid(field: "right", reason: "is the same version")
        ) {
            try await world.store.duels.create(
                caseID: item.id, samplings: (first.id, second.id), actor: nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theStandingCountsWinsWhateverTheSide(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let other = try await challenger(world)
        let (first, _) = try await world.sample(["old"], of: item)
        let (second, _) = try await world.sample(["new"], of: item, version: other)
        // The new version wins three times and loses once; one tie, one without a winner.
        let winners: [Int64?] = [other, other, world.base, other, nil, nil]
        for (index, winner) in winners.enumerated() {
            let duel = try await world.store.duels.create(
                caseID: item.id, samplings: (first.id, second.id), actor: nil)
            let outcome: Duel.Outcome =
                winner.map { $0 == duel.leftVersion ? .left : .right }
                ?? (index == 4 ? .tie : .neither)
            _ = try await world.store.duels.judge(duel.id, outcome: outcome, by: world.ann)
        }
        let standing = try await world.store.duels.standing()
        let pair = try #require(standing.pairs.first)
        #expect(standing.pairs.count == 1)
        #expect([pair.a, pair.b] == [world.base, other])
        let counts: [Int] = [pair.wins, pair.losses, pair.ties, pair.neither]
        #expect(counts == [1, 3, 1, 1])
        #expect(pair.rate == 0.25)
        // Wilson for 1 of 4: centre (0.25 + 3.8415 / 8) / (1 + 3.8415 / 4) = 0.37251,
        // half 1.95996 * sqrt(0.1875 / 4 + 3.8415 / 64) / 1.96036 = 0.32693.
        #expect(abs(pair.low - 0.0456) < 1e-3)
        #expect(abs(pair.high - 0.6994) < 1e-3)
        // With half a win each way of prior: 1 + 0.5 + 0.5 = 2 against 3 + 0.5 + 0.5 = 4 wins, so
        // the strengths are as 1 to 2 and the scores are -ln 2 / 2 and ln 2 / 2.
        #expect(standing.strengths.map(\.version) == [world.base, other])
        #expect(abs(standing.strengths[0].score + log(2) / 2) < 1e-6)
        #expect(abs(standing.strengths[1].score - log(2) / 2) < 1e-6)
    }

    @Test func withoutDuelsThereIsNoStanding() async throws {
        let standing = try await World(.memory).store.duels.standing()
        #expect(standing.pairs.isEmpty)
        #expect(standing.strengths.isEmpty)
    }
}
