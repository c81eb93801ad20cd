import Testing

@testable import Feedback

struct FeedbackRecordStoreTests {
    @Test(arguments: StoreKind.allCases)
    func countsAcceptedAndEdited(kind: StoreKind) async throws {
        let world = try await World(kind)
        let records = world.store.records
        let (_, traces) = try await world.sample(["one", "two", "three"], of: nil)
        let empty = try await records.statistics(threshold: 5)
        #expect(empty.editRate == 0)
        #expect(empty.untilRetrain == 5)
        let accepted = try await records.record(
            traceID: traces[0].id, preferredResponse: "one", kind: .accept, by: world.ann)
        #expect(accepted.iteration == 0)
        #expect(accepted.prompt == "What is asthma?")
        #expect(accepted.timestamp == world.clock.read())
        _ = try await records.record(
            traceID: traces[1].id, preferredResponse: "2", kind: .edit, by: world.ann)
        _ = try await records.record(
            traceID: traces[1].id, preferredResponse: "II", kind: .edit, by: world.bob)
        // Two of three were edited; three of five judgements are there.
        let statistics = try await records.statistics(threshold: 5)
        #expect(statistics.accepted == 1)
        #expect(statistics.edited == 2)
        #expect(abs(statistics.editRate - 2.0 / 3) < 1e-12)
        #expect(statistics.untilRetrain == 2)
        #expect(try await records.all().map(\.preferredResponse) == ["one", "2", "II"])
    }

    @Test(arguments: StoreKind.allCases)
    func eachExpertJudgesATraceOnce(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (_, traces) = try await world.sample(["one"], of: nil)
        let id = traces[0].id
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    (try? await world.store.records.record(
                        traceID: id, preferredResponse: "one", kind: .accept, by: world.ann))
                        != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(successes == 1)
        await #expect(throws: FeedbackError.duplicate("judgement of trace", id: "\(id)")) {
            try await world.store.records.record(
                traceID: id, preferredResponse: "1", kind: .edit, by: world.ann)
        }
    }

    @Test func theKindMustFitTheText() async throws {
        let world = try await World(.memory)
        let (_, traces) = try await world.sample(["one"], of: nil)
        for (text, kind) in [("1", .accept), ("one", .edit), (" ", .edit)]
            as [(String, FeedbackRecord.Kind)]
        {
            await #expect(throws: FeedbackError.self) {
                try await world.store.records.record(
                    traceID: traces[0].id, preferredResponse: text, kind: kind, by: world.ann)
            }
        }
        #expect(try await world.store.records.all().isEmpty)
    }
}
