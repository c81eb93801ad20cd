import GRDB
import Records
import Testing

@testable import Feedback

struct VersionStoreTests {
    private func trained(_ world: World, from parent: Int64) async throws -> Int64 {
        let version = try await world.store.versions.create(
            parentID: parent, method: "dpo", recipe: "beta: 0.1", datasetID: nil,
            actor: world.admin)
        return try await world.store.versions.complete(
            version.id, adapter: "/jobs/\(version.id)",
            metrics: .object(["accuracy": .number(0.5)]), actor: nil
        ).id
    }

    @Test(arguments: StoreKind.allCases)
    func theBaseModelIsTheFirstVersion(kind: StoreKind) async throws {
        let world = try await World(kind)
        let base = try await world.store.versions.ensureBase(model: "tiny")
        #expect(base.id == world.base)
        #expect(base.name == "base")
        #expect(base.iteration == 0)
        #expect(try await world.store.versions.current() == base)
        await #expect(throws: FeedbackError.self) {
            try await world.store.versions.ensureBase(model: "another")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func versionsAreTrainedHeldBackAndPromoted(kind: StoreKind) async throws {
        let world = try await World(kind)
        let versions = world.store.versions
        let first = try await versions.create(
            parentID: world.base, method: "dpo", recipe: "", datasetID: nil, actor: nil)
        #expect(first.name == "iter_1")
        #expect(first.state == .training)
        await #expect(throws: FeedbackError.self) {
            try await versions.promote(first.id, reason: "", actor: world.admin)
        }
        let candidate = try await versions.complete(
            first.id, adapter: "/jobs/1", metrics: .object(["n": .integer(3)]), actor: nil)
        #expect(candidate.state == .candidate)
        #expect(candidate.metrics["n"] == .integer(3))
        let current = try await versions.promote(first.id, reason: "better", actor: world.admin)
        #expect(current.state == .current)
        #expect(try await versions.find(world.base).state == .superseded)
        let second = try await trained(world, from: first.id)
        #expect(try await versions.find(second).name == "iter_2")
        #expect(try await versions.lineage(second).map(\.name) == ["iter_2", "iter_1", "base"])
        let failed = try await versions.create(
            parentID: second, method: "sft", recipe: "", datasetID: nil, actor: nil)
        #expect(try await versions.fail(failed.id, actor: nil).state == .failed)
        #expect(try await versions.reject(second, reason: "worse", actor: nil).state == .rejected)
        #expect(
            try await versions.all().map(\.state) == [.superseded, .current, .rejected, .failed])
        await #expect(throws: FeedbackError.self) {
            try await versions.promote(failed.id, reason: "", actor: world.admin)
        }
        await #expect(throws: FeedbackError.self) {
            try await versions.promote(first.id, reason: "again", actor: world.admin)
        }
        #expect(try await versions.current().id == first.id)
    }

    @Test(arguments: StoreKind.allCases)
    func rollingBackFollowsTheHistory(kind: StoreKind) async throws {
        let world = try await World(kind)
        let versions = world.store.versions
        let first = try await trained(world, from: world.base)
        let second = try await trained(world, from: first)
        let third = try await trained(world, from: first)
        for id in [first, second] {
            _ = try await versions.promote(id, reason: "", actor: world.admin)
        }
        #expect(try await versions.rollBack(reason: "bad", actor: world.admin).id == first)
        _ = try await versions.promote(third, reason: "", actor: world.admin)
        // base, first, third: the second one was rolled back and is no part of the line.
        #expect(try await versions.rollBack(reason: "", actor: world.admin).id == first)
        #expect(try await versions.rollBack(reason: "", actor: world.admin).id == world.base)
        await #expect(
            throws: FeedbackError.wrongState(
                "version", id: "\(world.base)", reason: "has none before it")
        ) {
            try await versions.rollBack(reason: "", actor: world.admin)
        }
        let history = try await versions.history()
        #expect(
            history.map(\.versionID)
                == [world.base, first, second, first, third, first, world.base])
        #expect(history[3].kind == .rollBack)
        #expect(history[3].fromID == second)
        #expect(history[3].reason == "bad")
    }

    @Test(arguments: StoreKind.allCases)
    func theTableRefusesASecondCurrentVersion(kind: StoreKind) async throws {
        let world = try await World(kind)
        let other = try await trained(world, from: world.base)
        await #expect(throws: DatabaseError.self) {
            try await world.store.database.writer.write { db in
                try db.execute(
                    sql: "UPDATE modelVersion SET state = 'current' WHERE id = ?",
                    arguments: [other])
            }
        }
    }
}
