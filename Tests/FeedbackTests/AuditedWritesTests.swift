import Foundation
import Records
import Testing

@testable import Feedback

/// Every write has its entry, and a write that fails has none.
struct AuditedWritesTests {
    private func actions(_ world: World) async throws -> [String] {
        try await world.store.audit.page(limit: 1000).map(\.action).reversed()
    }

    @Test(arguments: StoreKind.allCases)
    func everyWriteHasItsEntry(kind: StoreKind) async throws {
        let world = try await World(kind)
        let store = world.store
        let item = try await world.addCase()
        let (sampling, traces) = try await world.sample(["one", "two"], of: item)
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        _ = try await store.records.record(
            traceID: traces[0].id, preferredResponse: "one", kind: .accept, by: world.ann)
        _ = try await store.assignments.assign(overlap: 1, actor: world.admin)
        let lines = try await store.datasets.build(.preference)
        let dataset = try await store.datasets.add(lines, path: "/a", actor: nil)
        let job = try await store.jobs.create(method: "dpo", startedBy: world.admin)
        let version = try await store.versions.create(
            parentID: world.base, method: "dpo", recipe: "", datasetID: dataset.id, actor: nil)
        _ = try await store.jobs.prepare(
            job.id, folder: "/a", datasetID: dataset.id, versionID: version.id, actor: nil)
        _ = try await store.jobs.transition(job.id, to: .finished, actor: nil)
        _ = try await store.versions.complete(
            version.id, adapter: "/a", metrics: .object([:]), actor: nil)
        _ = try await store.versions.promote(version.id, reason: "", actor: world.admin)
        _ = try await store.exports.feedbackJSONL(actor: world.ann)
        _ = try await store.state.export(actor: world.ann)
        _ = try await store.accounts.logIn(world.ann, tokenHash: "token", csrf: "csrf")
        try await store.accounts.logOut(tokenHash: "token")
        let unjudged = try await world.addCase(2)
        try await store.cases.delete(unjudged.id, actor: world.admin)
        #expect(
            try await actions(world) == [
                "account.create", "account.create", "account.create", "version.base", "case.add",
                "sampling.create", "sampling.state", "sampling.trace", "sampling.trace",
                "sampling.state", "ranking.show", "ranking.submit", "feedback.accept",
                "assignment.assign", "dataset.add", "update.create", "version.create",
                "update.prepare", "update.state", "version.state", "version.state",
                "version.state", "export", "export", "session.logIn", "session.logOut",
                "case.add", "case.delete",
            ])
        #expect(try await store.audit.verify().fault == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func entriesHoldNoTextOfCasesAndAnswers(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (sampling, traces) = try await world.sample(["SECRET one", "SECRET two"], of: item)
        _ = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        _ = try await world.store.rankings.submit(
            RankingSubmission(
                revision: 0, ranks: [traces[0].id: 1, traces[1].id: 2], reason: "SECRET reason"),
            samplingID: sampling.id, by: world.ann)
        _ = try await world.store.records.record(
            traceID: traces[0].id, preferredResponse: "SECRET edit", kind: .edit, by: world.ann)
        let entries = try await world.store.audit.page(limit: 1000)
        let text = try entries.map { try CanonicalJSON.text($0) }.joined()
        #expect(!text.contains("SECRET"))
        #expect(!text.contains("Patient"))
    }

    @Test(arguments: StoreKind.allCases)
    func aWriteThatFailsHasNone(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        let before = try await actions(world).count
        await #expect(throws: FeedbackError.self) {
            try await world.rank(sampling.id, by: world.ann, [2, 1])
        }
        await #expect(throws: FeedbackError.self) {
            try await world.store.versions.rollBack(reason: "", actor: world.admin)
        }
        await #expect(throws: FeedbackError.self) {
            try await world.store.rankings.sheet(sampling.id, for: 99)
        }
        #expect(try await actions(world).count == before)
    }
}
