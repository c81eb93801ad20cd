import Feedback
import Foundation
import Records
import TestSupport
import Testing

@testable import Workbench

struct SamplingServiceTests {
    private let bench: ServiceStore
    private var store: FeedbackStore { bench.store }

    init() async throws {
        bench = try await ServiceStore()
    }

    private func settings(
        wanted: Int = 2, attempts: Int = 4, verify: Bool = true
    ) -> SamplingSettings {
        var plan = SamplingPlan()
        (plan.wanted, plan.verify) = (wanted, verify)
        plan.schedule.attempts = attempts
        plan.schedule.seed = 100
        return SamplingSettings(plan: plan)
    }

    /// The state in which a sampling ends.
    private func end(_ id: Int64, _ service: SamplingService) async throws -> Sampling {
        for await _ in try await service.events(id) {}
        return try await store.samplings.find(id)
    }

    @Test func rightAndDifferentAnswersAreKept() async throws {
        let engine = ScriptedEngine.saying([
            "Clot seen. Answer: B", "Answer: A", "Clot seen. Answer: B",
            "Swollen calf after a long flight. Answer: B",
        ])
        let service = SamplingService(store: store, engine: engine)
        let clinicalCase = try await bench.addCase()
        let sampling = try await service.sample(
            clinicalCase.id, settings: settings(), by: bench.expert)
        #expect(sampling.state == .queued)
        let ended = try await end(sampling.id, service)
        #expect(ended.state == .verified)
        #expect(ended.attempts == 4)
        #expect(ended.accepted == 2)
        let traces = try await store.samplings.traces(of: sampling.id)
        #expect(traces.map(\.verdict) == [.correct, .wrong, .similar, .correct])
        #expect(traces.map(\.kept) == [true, false, false, true])
        #expect(traces[0].text == "Clot seen. Answer: B")
        let samples = await engine.samples.sorted { $0.seed < $1.seed }
        #expect(samples.map(\.seed) == [100, 101, 102, 103])
        #expect(samples.map(\.prompt) == Array(repeating: clinicalCase.messages, count: 4))
        #expect(samples[1].temperature == 0.65)
    }

    /// Four attempts are at the engine together, and it answers them from the last to the first:
    /// they are considered in their order all the same, and what is not needed is ended and kept
    /// nowhere.
    @Test func attemptsAreDrawnTogether() async throws {
        let turns = Turnstile(seeds: [103, 101, 100])
        let ended = Locked<[UInt64]>([])
        let engine = ScriptedEngine { operation in
            guard case .sample(let sample) = operation else { return [] }
            if sample.seed == 102 {
                // Never answered: ended by what the others are.
                try? await Task.sleep(for: .seconds(60))
                ended.withLock { $0.append(sample.seed) }
                throw CancellationError()
            }
            await turns.pass(sample.seed)
            return ScriptedEngine.reply(
                sample.seed == 100
                    ? "Clot seen. Answer: B" : "Swollen calf after a long flight. Answer: B")
        }
        let service = SamplingService(store: store, engine: engine)
        let sampling = try await service.sample(
            try await bench.addCase().id, settings: settings(attempts: 6), by: nil)
        #expect(try await end(sampling.id, service).state == .verified)
        let traces = try await store.samplings.traces(of: sampling.id)
        #expect(traces.map(\.seed) == [100, 101] && traces.map(\.attempt) == [1, 2])
        #expect(Set(await engine.samples.map(\.seed)).isSuperset(of: [100, 101, 102, 103]))
        #expect(await eventually { ended.withLock { $0 } == [102] })
    }

    @Test func attemptsThatEndLeaveItExhausted() async throws {
        let service = SamplingService(store: store, engine: ScriptedEngine.saying(["Answer: A"]))
        let sampling = try await service.sample(
            try await bench.addCase().id, settings: settings(attempts: 3), by: nil)
        let ended = try await end(sampling.id, service)
        #expect(ended.state == .exhausted)
        #expect(ended.attempts == 3)
        #expect(ended.accepted == 0)
        let traces = try await store.samplings.traces(of: sampling.id)
        #expect(traces.allSatisfy { !$0.reason.isEmpty })
    }

    @Test func eventsTellTokensTracesAndStates() async throws {
        let gate = Gate()
        let engine = ScriptedEngine { _ in
            await gate.pass()
            return ScriptedEngine.reply("Answer: A")
        }
        let service = SamplingService(store: store, engine: engine)
        let sampling = try await service.sample(
            try await bench.addCase().id, settings: settings(wanted: 1, attempts: 1), by: nil)
        let (first, second) = (
            try await service.events(sampling.id), try await service.events(sampling.id)
        )
        await gate.open()
        for stream in [first, second] {
            var names: [String] = []
            var last: SamplingEvent?
            for await event in stream {
                names.append(event.name)
                last = event
            }
            #expect(names.first == "state")
            #expect(names.filter { $0 != "state" } == ["token", "rejected"])
            guard case .state(let sampling) = last else {
                Issue.record("the last event is no state")
                continue
            }
            #expect(sampling.state == .exhausted)
        }
        // Who comes late hears how it ended.
        var late: [SamplingEvent] = []
        for await event in try await service.events(sampling.id) { late.append(event) }
        #expect(late == [.state(try await store.samplings.find(sampling.id))])
    }

    @Test func eventsAreWhatTheContractSays() throws {
        let token = SamplingEvent.token(attempt: 2, text: "x")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(token), as: UTF8.self)
        #expect(text == #"{"attempt":2,"text":"x"}"#)
    }

    @Test func aQuestionGetsOneAnswerThatNobodyVerifies() async throws {
        let service = SamplingService(store: store, engine: ScriptedEngine.saying(["Rest."]))
        let sampling = try await service.ask("What helps?", images: [], by: bench.expert)
        let ended = try await end(sampling.id, service)
        #expect(ended.state == .verified)
        #expect(ended.caseID == nil)
        let traces = try await store.samplings.traces(of: sampling.id)
        #expect(traces.map(\.text) == ["Rest."])
        #expect(traces.map(\.verdict) == [.unverified])
    }

    @Test func twoVersionsAnswerOneCase() async throws {
        let version = try await store.versions.create(
            parentID: 1, method: "dpo", recipe: "", datasetID: nil, actor: nil)
        _ = try await store.versions.complete(
            version.id, adapter: "/adapter", metrics: .object([:]), actor: nil)
        let engine = ScriptedEngine.saying(["Heparin."])
        let service = SamplingService(store: store, engine: engine)
        let clinicalCase = try await bench.addCase()
        let (duel, samplings) = try await service.compare(
            left: 1, right: version.id, caseID: clinicalCase.id, by: bench.expert)
        for sampling in samplings { _ = try await end(sampling.id, service) }
        #expect(Set(samplings.map(\.versionID)) == [1, version.id])
        #expect(Set(await engine.samples.map(\.adapter)) == [nil, "/adapter"])
        #expect(try await store.duels.next()?.duel.id == duel?.id)
        await #expect(throws: ServiceError.self) {
            try await service.compare(left: 1, right: 1, caseID: clinicalCase.id, by: nil)
        }
    }

    @Test func stoppingEndsWhatRunsAndWhatWaits() async throws {
        let engine = ScriptedEngine { _ in
            try await Task.sleep(for: .seconds(60))
            return []
        }
        let service = SamplingService(store: store, engine: engine)
        let clinicalCase = try await bench.addCase()
        let first = try await service.sample(clinicalCase.id, settings: settings(), by: nil)
        let second = try await service.sample(clinicalCase.id, settings: settings(), by: nil)
        #expect(
            await eventually { (try? await store.samplings.find(first.id))?.state == .running })
        #expect(try await store.samplings.find(second.id).state == .queued)
        try await service.stop(second.id, by: bench.expert)
        try await service.stop(first.id, by: bench.expert)
        #expect(try await store.samplings.find(first.id).state == .stopped)
        #expect(try await store.samplings.find(second.id).state == .stopped)
        try await service.stop(first.id, by: bench.expert)
        await #expect(throws: ServiceError.self) { try await service.stop(99, by: nil) }
    }

    @Test func aQuestionDoesNotWaitForALongSampling() async throws {
        let engine = ScriptedEngine { operation in
            guard case .sample(let sample) = operation, sample.prompt[0].content == "Quick?"
            else {
                try await Task.sleep(for: .seconds(60))
                return []
            }
            return ScriptedEngine.reply("Yes.")
        }
        let service = SamplingService(store: store, engine: engine)
        let long = try await service.sample(
            try await bench.addCase().id, settings: settings(), by: nil)
        let short = try await service.ask("Quick?", images: [], by: nil)
        #expect(try await end(short.id, service).state == .verified)
        await service.shutdown()
        let stopped = try await store.samplings.find(long.id)
        #expect(stopped.state == .stopped)
        #expect(stopped.error == "the server was shut down")
    }

    @Test func anEngineThatFailsFailsTheSamplingAndTheNextOneRuns() async throws {
        let engine = ScriptedEngine { operation in
            guard case .sample(let sample) = operation, sample.seed != 100 else {
                throw EngineError.ended(reason: "ended with status 3")
            }
            return ScriptedEngine.reply("Answer: B")
        }
        let service = SamplingService(store: store, engine: engine)
        let clinicalCase = try await bench.addCase()
        let first = try await service.sample(clinicalCase.id, settings: settings(), by: nil)
        var other = settings(wanted: 1)
        other.plan.schedule.seed = 7
        let second = try await service.sample(clinicalCase.id, settings: other, by: nil)
        let failed = try await end(first.id, service)
        #expect(failed.state == .failed)
        #expect(failed.error == "the engine ended with status 3")
        #expect(try await end(second.id, service).state == .verified)
    }

    @Test func whatAKilledServerLeftIsStoppedAtTheStart() async throws {
        let clinicalCase = try await bench.addCase()
        let left = try await store.samplings.create(
            SamplingRequest(
                caseID: clinicalCase.id, prompt: clinicalCase.messages, versionID: 1, wanted: 1,
                schedule: SamplingSchedule(), verify: true), actor: nil)
        _ = try await store.samplings.transition(left.id, to: .running, actor: nil)
        let service = SamplingService(
            store: store, engine: ScriptedEngine.saying(["Answer: B"]))
        try await service.start()
        #expect(try await store.samplings.find(left.id).state == .stopped)
        var states: [SamplingEvent] = []
        for await event in try await service.events(left.id) { states.append(event) }
        #expect(states.count == 1)
        let again = try await service.sample(
            clinicalCase.id, settings: settings(wanted: 1), by: nil)
        #expect(try await end(again.id, service).state == .verified)
    }

    @Test func aCaseSampledTwiceHasTwoSeeds() async throws {
        let service = SamplingService(store: store, engine: ScriptedEngine.saying(["Answer: B"]))
        let id = try await bench.addCase().id
        let first = try await service.sample(id, settings: SamplingSettings(), by: nil)
        let second = try await service.sample(id, settings: SamplingSettings(), by: nil)
        #expect(first.schedule.seed != second.schedule.seed)
        await service.shutdown()
        await #expect(throws: ServiceError.conflict("the server is shutting down")) {
            try await service.ask("More?", images: [], by: nil)
        }
    }

    @Test func settingsAreReadFromAFlatObject() throws {
        let text = #"{"versionID": 3, "wanted": 5, "maxOverlap": 0.5, "verify": false}"#
        let settings = try JSONDecoder().decode(SamplingSettings.self, from: Data(text.utf8))
        #expect(settings.versionID == 3)
        #expect(settings.plan.wanted == 5)
        #expect(settings.plan.schedule.maxOverlap == 0.5)
        #expect(settings.plan.schedule.temperature == 0.6)
        #expect(!settings.plan.verify)
    }
}

/// Lets requests pass in the order of their seeds in a list, when all have come.
private actor Turnstile {
    private let seeds: [UInt64]
    private var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]

    init(seeds: [UInt64]) { self.seeds = seeds }

    func pass(_ seed: UInt64) async {
        await withCheckedContinuation { continuation in
            waiting[seed] = continuation
            guard waiting.count == seeds.count else { return }
            for seed in seeds { waiting[seed]?.resume() }
        }
    }
}

/// Holds back who passes until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
