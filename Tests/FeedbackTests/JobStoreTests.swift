import Testing

@testable import Feedback

struct JobStoreTests {
    @Test(arguments: StoreKind.allCases)
    func oneJobAtATime(kind: StoreKind) async throws {
        let world = try await World(kind)
        let jobs = world.store.jobs
        let starts: [TrainingJob] = await withTaskGroup(of: TrainingJob?.self) { group in
            for _ in 0..<8 {
                group.addTask { try? await jobs.create(method: "dpo", startedBy: world.ann) }
            }
            return await group.reduce(into: []) { list, job in if let job { list.append(job) } }
        }
        #expect(starts.count == 1)
        let job = try #require(starts.first)
        #expect(try await jobs.active() == job)
        world.clock.advance(seconds: 60)
        _ = try await jobs.prepare(
            job.id, folder: "/jobs/1", datasetID: nil, versionID: nil, actor: nil)
        _ = try await jobs.transition(job.id, to: .training, actor: nil)
        try await jobs.progress(job.id, step: 3, steps: 9)
        let running = try await jobs.find(job.id)
        #expect([running.step, running.steps] == [3, 9])
        #expect(running.folder == "/jobs/1")
        #expect(running.endedAt == nil)
        await #expect(throws: FeedbackError.self) {
            try await jobs.prepare(
                job.id, folder: "/other", datasetID: nil, versionID: nil, actor: nil)
        }
        let failed = try await jobs.transition(
            job.id, to: .failed, error: "no memory", actor: nil)
        #expect(failed.error == "no memory")
        #expect(failed.endedAt == world.clock.read())
        await #expect(
            throws: FeedbackError.wrongState("update", id: "\(job.id)", reason: "is failed")
        ) {
            try await jobs.transition(job.id, to: .finished, actor: nil)
        }
        let next = try await jobs.create(method: "kto", startedBy: nil)
        #expect(try await jobs.all().map(\.id) == [next.id, job.id])
    }

    @Test(arguments: StoreKind.allCases)
    func whatAnEndOfTheProgramLeftHasFailed(kind: StoreKind) async throws {
        let world = try await World(kind)
        let version = try await world.store.versions.create(
            parentID: world.base, method: "dpo", recipe: "", datasetID: nil, actor: nil)
        let job = try await world.store.jobs.create(method: "dpo", startedBy: nil)
        _ = try await world.store.jobs.prepare(
            job.id, folder: "/jobs/1", datasetID: nil, versionID: version.id, actor: nil)
        #expect(try await world.store.jobs.failUnfinished() == [job.id])
        #expect(try await world.store.jobs.find(job.id).state == .failed)
        #expect(try await world.store.versions.find(version.id).state == .failed)
        #expect(try await world.store.jobs.failUnfinished().isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func judgementsSinceTheLastFinishedJobCount(kind: StoreKind) async throws {
        let world = try await World(kind)
        let jobs = world.store.jobs
        let (sampling, traces) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        _ = try await world.store.records.record(
            traceID: traces[0].id, preferredResponse: "one", kind: .accept, by: world.ann)
        #expect(try await jobs.pendingJudgements() == 2)
        // A failed job used nothing up.
        world.clock.advance(seconds: 1)
        let failed = try await jobs.create(method: "dpo", startedBy: nil)
        _ = try await jobs.transition(failed.id, to: .failed, actor: nil)
        #expect(try await jobs.pendingJudgements() == 2)
        let job = try await jobs.create(method: "dpo", startedBy: nil)
        world.clock.advance(seconds: 1)
        // What is judged while it runs waits for the next one.
        try await world.rank(sampling.id, by: world.bob, [2, 1])
        _ = try await jobs.transition(job.id, to: .finished, actor: nil)
        #expect(try await jobs.pendingJudgements() == 1)
        try await world.rank(sampling.id, by: world.ann, [2, 1], revision: 1)
        #expect(try await jobs.pendingJudgements() == 2)
        #expect(try await world.store.records.statistics(threshold: 2).untilRetrain == 0)
    }
}
