import Feedback
import Foundation
import TestSupport
import Testing

@testable import Workbench

/// Trainings that start by themselves, and what a killed server left.
struct UpdateServiceStartTests {
    private let bench: ServiceStore
    private let folder: URL
    private var store: FeedbackStore { bench.store }

    init() async throws {
        bench = try await ServiceStore()
        folder = try TestFiles.scratchFolder()
    }

    private func service(_ script: String, threshold: Int) throws -> UpdateService {
        var settings = UpdateSettings(
            program: try FakeProgram(script).path, model: "tiny", folder: folder)
        settings.retrainThreshold = threshold
        settings.grace = .milliseconds(300)
        let engine = ScriptedEngine { _ in throw EngineError.refused(message: "none here") }
        return UpdateService(store: store, engine: engine, settings: settings)
    }

    private func jobs() async throws -> [TrainingJob] {
        try await store.jobs.all().sorted { $0.id < $1.id }
    }

    @Test func enoughJudgementsStartATrainingAndAFailureIsNotRepeatedAtOnce() async throws {
        let service = try service("exit 1", threshold: 2)
        try await bench.addPair()
        await service.judged()
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await jobs().isEmpty)
        #expect(try await service.pending() == (1, 2, true))
        try await bench.addPair()
        await service.judged()
        #expect(await eventually { (try? await jobs().first?.state) == .failed })
        let job = try #require(try await jobs().first)
        #expect(job.startedBy == nil)
        #expect(job.method == "dpo")
        // One more is not as many as the threshold says.
        try await bench.addPair()
        await service.judged()
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await jobs().count == 1)
        try await bench.addPair()
        await service.judged()
        #expect(await eventually { (try? await jobs().count) == 2 })
        await service.shutdown()
    }

    @Test(.timeLimit(.minutes(1))) func whoLooksOnSeesWhatStartsByItself() async throws {
        let program = "while [ ! -e \"$(dirname \"$0\")/go\" ]; do sleep 0.02; done; exit 1"
        let service = try service(program, threshold: 1)
        let early = await service.states()
        for _ in 0..<2 { try await bench.addPair() }
        // Many at once: counted together, and one training comes of them.
        for _ in 0..<50 { await service.judged() }
        var states: [TrainingJob.State] = []
        for await job in early {
            #expect(job.id == 1 && job.startedBy == nil)
            states.append(job.state)
            guard job.state == .training else { continue }
            // Who comes later sees first what runs.
            var late = await service.states().makeAsyncIterator()
            #expect(await late.next()?.state == .training)
            await service.shutdown()
        }
        #expect(states.first == .preparing)
        #expect(states.last == .stopped)
        #expect(try await jobs().count == 1)
    }

    @Test func acceptedAnswersStartAnImitation() async throws {
        let service = try service("exit 1", threshold: 2)
        for _ in 0..<2 {
            let sampling = try await bench.addSampling(of: try await bench.addCase(), ["Rest."])
            let trace = try #require(try await store.samplings.traces(of: sampling.id).first)
            _ = try await store.records.record(
                traceID: trace.id, preferredResponse: "Rest.", kind: .accept, by: bench.expert)
        }
        await service.judged()
        #expect(await eventually { (try? await jobs().first?.method) == "sft" })
        await service.shutdown()
    }

    /// Its process has ended with it, see ProcessesTests.
    @Test func whatAKilledServerLeftHasFailed() async throws {
        let job = try await store.jobs.create(method: "dpo", startedBy: nil)
        let folder = try JobFolder.create(job: job.id, in: folder)
        _ = try await store.jobs.prepare(
            job.id, folder: folder.url.path, datasetID: nil, versionID: nil, actor: nil)
        try await service("exit 1", threshold: 2).start()
        let left = try await store.jobs.find(job.id)
        #expect(left.state == .failed)
        #expect(left.error != nil)
    }

    @Test func aJobNeverTakesTheFolderOfAnother() throws {
        let first = try JobFolder.create(job: 3, in: folder)
        let second = try JobFolder.create(job: 3, in: folder)
        #expect(first.url.lastPathComponent == "3")
        #expect(second.url.lastPathComponent == "3-2")
    }
}
