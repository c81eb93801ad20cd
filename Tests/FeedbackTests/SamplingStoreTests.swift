import Records
import Testing

@testable import Feedback

struct SamplingStoreTests {
    private func request(_ world: World, _ item: ClinicalCase) -> SamplingRequest {
        SamplingRequest(
            caseID: item.id, prompt: item.messages, versionID: world.base, wanted: 2,
            schedule: SamplingSchedule(), verify: true)
    }

    @Test(arguments: StoreKind.allCases)
    func tracesAreCountedAsTheyAreStored(kind: StoreKind) async throws {
        let world = try await World(kind)
        let samplings = world.store.samplings
        let item = try await world.addCase()
        let created = try await samplings.create(request(world, item), actor: world.ann)
        #expect(created.state == .queued)
        #expect(created.createdBy == world.ann)
        #expect(created.prompt == item.messages)
        #expect(created.schedule == SamplingSchedule())
        _ = try await samplings.transition(created.id, to: .running, actor: nil)
        let first = try await samplings.append(.rejected("no"), to: created.id, actor: nil)
        let second = try await samplings.append(.kept("yes"), to: created.id, actor: nil)
        #expect([first.attempt, second.attempt] == [1, 2])
        let sampling = try await samplings.find(created.id)
        #expect(sampling.attempts == 2)
        #expect(sampling.accepted == 1)
        #expect(sampling.acceptance == 0.5)
        #expect(try await samplings.traces(of: created.id) == [first, second])
        #expect(try await samplings.ofCase(item.id) == [sampling])
        #expect(
            try await samplings.acceptanceByDay()
                == [DailyRate(date: "2026-11-21", rate: 0.5, count: 2)])
    }

    @Test(arguments: StoreKind.allCases)
    func statesOnlyMoveOn(kind: StoreKind) async throws {
        let world = try await World(kind)
        let samplings = world.store.samplings
        let item = try await world.addCase()
        let id = try await samplings.create(request(world, item), actor: world.ann).id
        await #expect(throws: FeedbackError.self) {
            try await samplings.append(.kept("early"), to: id, actor: nil)
        }
        _ = try await samplings.transition(id, to: .running, actor: nil)
        await #expect(throws: FeedbackError.self) {
            try await samplings.transition(id, to: .running, actor: nil)
        }
        let failed = try await samplings.transition(
            id, to: .failed, error: "no memory", actor: nil)
        #expect(failed.error == "no memory")
        await #expect(
            throws: FeedbackError.wrongState("sampling", id: "\(id)", reason: "is failed")
        ) {
            try await samplings.transition(id, to: .stopped, actor: nil)
        }
        await #expect(throws: FeedbackError.self) {
            try await samplings.append(.kept("late"), to: id, actor: nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func whatAnEndOfTheProgramLeftIsStopped(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let queued = try await world.store.samplings.create(request(world, item), actor: nil).id
        let running = try await world.store.samplings.create(request(world, item), actor: nil).id
        _ = try await world.store.samplings.transition(running, to: .running, actor: nil)
        let (finished, _) = try await world.sample(["one"], of: item)
        #expect(try await world.store.samplings.stopUnfinished() == [queued, running])
        #expect(try await world.store.samplings.find(running).state == .stopped)
        #expect(try await world.store.samplings.find(finished.id) == finished)
    }

    @Test func refusesWhatCannotBeSampled() async throws {
        let world = try await World(.memory)
        let item = try await world.addCase()
        func refused(_ change: (inout SamplingRequest) -> Void) async -> String? {
            var request = request(world, item)
            change(&request)
            do throws(FeedbackError) {
                _ = try await world.store.samplings.create(request, actor: nil)
                return nil
            } catch {
                if case .invalid(let field, _) = error { return field }
                return "\(error)"
            }
        }
        #expect(await refused { $0.wanted = 0 } == "wanted")
        #expect(await refused { $0.wanted = 21 } == "attempts")
        #expect(await refused { $0.prompt = [] } == "prompt")
        #expect(await refused { $0.schedule.temperature = .nan } == "temperature")
        #expect(await refused { $0.schedule.topP = 0 } == "topP")
        #expect(await refused { $0.schedule.maxTokens = 0 } == "maxTokens")
        #expect(await refused { $0.versionID = 99 } == "there is no version 99")
        #expect(await refused { $0.caseID = "none" } == "there is no case none")
        #expect(await refused { _ in } == nil)
    }

    @Test func eachAttemptIsHotterUpToTheMaximum() {
        var schedule = SamplingSchedule()
        (schedule.temperature, schedule.temperatureStep) = (0.5, 0.25)
        schedule.maxTemperature = 0.9
        #expect((1...3).map(schedule.temperature(attempt:)) == [0.5, 0.75, 0.9])
    }
}
