import Testing

@testable import Feedback

struct AssignmentStoreTests {
    @Test(arguments: StoreKind.allCases)
    func everySamplingGetsItsRatersAndLoadsAreEven(kind: StoreKind) async throws {
        let world = try await World(kind)
        let cat = try await world.store.accounts.create(
            name: "cat", role: .expert, passwordHash: "hash", actor: nil)
        let item = try await world.addCase()
        for _ in 0..<9 { _ = try await world.sample(["one", "two"], of: item) }
        // Neither has two traces to compare or belongs to a case.
        _ = try await world.sample(["one"], of: item)
        _ = try await world.sample(["one", "two"], of: nil)
        let added = try await world.store.assignments.assign(overlap: 2, actor: world.admin)
        #expect(added.count == 18)
        let loads = Dictionary(grouping: added, by: \.accountID).mapValues(\.count)
        #expect(loads == [world.ann: 6, world.bob: 6, cat.id: 6])
        let raters = Dictionary(grouping: added, by: \.samplingID)
        #expect(raters.values.allSatisfy { Set($0.map(\.accountID)).count == 2 })
        #expect(try await world.store.assignments.assign(overlap: 2, actor: nil).isEmpty)
        let more = try await world.store.assignments.assign(overlap: 3, actor: nil)
        #expect(more.count == 9)
    }

    @Test func whoHasJudgedAlreadyCounts() async throws {
        let world = try await World(.memory)
        let item = try await world.addCase()
        let (first, _) = try await world.sample(["one", "two"], of: item)
        let (second, _) = try await world.sample(["one", "two"], of: item)
        try await world.rank(first.id, by: world.ann, [1, 2])
        let added = try await world.store.assignments.assign(overlap: 1, actor: nil)
        #expect(added == [Assignment(samplingID: second.id, accountID: world.ann)])
    }

    @Test func theOverlapCannotExceedTheRaters() async throws {
        let world = try await World(.memory)
        for overlap in [0, 3] {
            await #expect(throws: FeedbackError.self) {
                try await world.store.assignments.assign(overlap: overlap, actor: nil)
            }
        }
    }

    @Test func administratorsRateWhereThereAreNoExperts() async throws {
        let world = try await World(.memory)
        for id in [world.ann, world.bob] {
            _ = try await world.store.accounts.change(id, disabled: true, actor: world.admin)
        }
        let item = try await world.addCase()
        let (sampling, _) = try await world.sample(["one", "two"], of: item)
        let added = try await world.store.assignments.assign(overlap: 1, actor: world.admin)
        #expect(added == [Assignment(samplingID: sampling.id, accountID: world.admin)])
    }

    @Test(arguments: StoreKind.allCases)
    func theQueueBeginsWithWhatIsAssigned(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        var ids: [Int64] = []
        for _ in 0..<4 {
            ids.append(try await world.sample(["one", "two", "three"], of: item).sampling.id)
        }
        try await world.rank(ids[0], by: world.ann, [1, 2, 3])
        // Bob is given the second, since Ann has judged the first and both are then even.
        _ = try await world.store.assignments.assign(
            overlap: 1, raters: [world.bob], actor: world.admin)
        _ = try await world.store.assignments.assign(
            overlap: 2, raters: [world.ann, world.bob], actor: world.admin)
        let queue = try await world.store.assignments.queue(for: world.ann, limit: 2)
        #expect(queue.done == 1)
        #expect(queue.remaining == 3)
        #expect(queue.next.map(\.samplingID) == [ids[1], ids[2]])
        #expect(queue.next.allSatisfy { $0.assigned && $0.traces == 3 })
        #expect(queue.next.first?.question == item.question)
        let others = try await world.store.assignments.queue(for: world.admin)
        #expect(others.next.map(\.samplingID) == ids)
        #expect(others.next.allSatisfy { !$0.assigned })
    }
}
