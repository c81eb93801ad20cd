import Foundation
import Records
import Testing

@testable import Feedback

struct StateFileTests {
    /// A store in which every table of the state has rows.
    private func full(_ kind: StoreKind) async throws -> World {
        let world = try await World(kind)
        let store = world.store
        let item = try await world.addCase()
        let (sampling, traces) = try await world.sample(
            ["naïve \u{1F9E0} \"one\"", "two"], of: item)
        _ = try await store.assignments.assign(overlap: 2, actor: world.admin)
        let axes: ByTrace<Ranking.Axes> = [traces[0].id: Ranking.Axes(harm: 2)]
        _ = try await store.rankings.sheet(sampling.id, for: world.ann)
        _ = try await store.rankings.submit(
            RankingSubmission(
                revision: 0, ranks: [traces[0].id: 1, traces[1].id: 2], axes: axes,
                reason: "clear / to me", seconds: 0.1 + 0.2),
            samplingID: sampling.id, by: world.ann)
        try await world.rank(sampling.id, by: world.ann, [2, 1], revision: 1)
        try await world.rank(sampling.id, by: world.bob, [1, 1], unacceptable: true)
        world.clock.advance(seconds: 1)
        _ = try await store.records.record(
            traceID: traces[1].id, preferredResponse: "2", kind: .edit, by: world.bob)
        let lines = try await store.datasets.build(.preference)
        let dataset = try await store.datasets.add(lines, path: "/data/1.jsonl", actor: nil)
        let job = try await store.jobs.create(method: "dpo", startedBy: world.admin)
        let version = try await store.versions.create(
            parentID: world.base, method: "dpo", recipe: "beta: 0.1\n", datasetID: dataset.id,
            actor: nil)
        _ = try await store.jobs.prepare(
            job.id, folder: "/jobs/1", datasetID: dataset.id, versionID: version.id, actor: nil)
        _ = try await store.jobs.transition(job.id, to: .finished, actor: nil)
        _ = try await store.versions.complete(
            version.id, adapter: "/jobs/1/adapter",
            metrics: .object(["before": .number(0.25), "n": .number(4)]), actor: nil)
        _ = try await store.versions.promote(version.id, reason: "better", actor: world.admin)
        _ = try await store.versions.rollBack(reason: "", actor: world.admin)
        let (other, _) = try await world.sample(["three"], of: item, version: version.id)
        let duel = try await store.duels.create(
            caseID: item.id, samplings: (sampling.id, other.id), actor: world.ann)
        _ = try await store.duels.judge(duel.id, outcome: .left, by: world.bob)
        _ = try await store.drafts.put(#"{"a":1}"#, key: "ask", account: world.bob)
        return world
    }

    private func problems(
        restoring data: Data, into store: FeedbackStore
    ) async throws -> [RowProblem] {
        do throws(FeedbackError) {
            _ = try await store.state.restore(data, actor: nil)
            return []
        } catch {
            guard case .malformed(let problems) = error else { throw error }
            return problems
        }
    }

    @Test(arguments: StoreKind.allCases, StoreKind.allCases)
    func restoringGivesTheSameState(from: StoreKind, to: StoreKind) async throws {
        let world = try await full(from)
        let data = try await world.store.state.export(actor: world.ann)
        let tables = Set(
            try String(decoding: data, as: UTF8.self).split(separator: "\n").map {
                try CanonicalJSON.value(String($0))["table"]?.string
            })
        #expect(tables == Set(["state"] + StateTable.all.map(\.key)))
        // The new store has other accounts under the same ids.
        let store = try to.open()
        let admin = try await store.accounts.create(
            name: "zoe", role: .administrator, passwordHash: "hash", actor: nil)
        _ = try await store.versions.ensureBase(model: "tiny")
        let count = try await store.state.restore(data, actor: admin.id)
        #expect(count + 1 == data.count { $0 == UInt8(ascii: "\n") })
        let again = try await store.state.export(actor: admin.id)
        #expect(again == data)
        #expect(try await store.audit.verify().fault == nil)
        let accounts = try await store.accounts.all()
        #expect(accounts.first == admin)
        #expect(Set(accounts.map(\.name)) == ["zoe", "admin", "ann", "bob"])
        #expect(accounts.dropFirst().allSatisfy { $0.role == .viewer && $0.disabled })
        #expect(try await store.accounts.secret(name: "ann")?.passwordHash == nil)
        // What was restored works on: pairs are the same and new rows get new ids.
        let pairs = try await store.datasets.pairs()
        #expect(try await world.store.datasets.pairs() == pairs)
        let next = try await store.versions.create(
            parentID: 1, method: "sft", recipe: "", datasetID: nil, actor: nil)
        #expect(next.name == "iter_2")
    }

    @Test func anEmptyStateIsOneToo() async throws {
        let store = try StoreKind.memory.open()
        _ = try await store.versions.ensureBase(model: "tiny")
        let data = try await store.state.export(actor: nil)
        let other = try StoreKind.memory.open()
        #expect(try await other.state.restore(data, actor: nil) == 2)
        #expect(try await other.state.export(actor: nil) == data)
    }

    @Test(arguments: StoreKind.allCases)
    func onlyAnEmptyStoreTakesAState(kind: StoreKind) async throws {
        let world = try await full(kind)
        let data = try await world.store.state.export(actor: nil)
        await #expect(throws: FeedbackError.self) {
            try await world.store.state.restore(data, actor: world.admin)
        }
        #expect(try await world.store.state.export(actor: nil) == data)
        let other = try kind.open()
        _ = try await other.versions.ensureBase(model: "another")
        await #expect(throws: FeedbackError.self) {
            try await other.state.restore(data, actor: nil)
        }
        #expect(try await other.versions.current().model == "another")
    }

    @Test(arguments: StoreKind.allCases)
    func aMalformedStateIsReportedByLineAndKeepsNothing(kind: StoreKind) async throws {
        let world = try await full(kind)
        let data = try await world.store.state.export(actor: nil)
        var lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        lines[1] = lines[1].replacing(#""source":"typed""#, with: #""source":"SECRET""#)
        lines[2] = #"{"table":"nonsense"}"#
        lines.append("{")
        let store = try kind.open()
        _ = try await store.versions.ensureBase(model: "tiny")
        let before = try await store.state.export(actor: nil)
        let broken = Data(lines.joined(separator: "\n").utf8)
        let problems = try await problems(restoring: broken, into: store)
        let found = problems.map(\.line)
        #expect(found.starts(with: [2, 3]))
        #expect(found.last == lines.count)
        #expect(problems.first?.reason == "\"source\" is not accepted")
        #expect(!problems.map(\.reason).joined().contains("SECRET"))
        #expect(try await store.state.export(actor: nil) == before)
    }

    @Test(arguments: ["", "\n", "{}", #"{"table":"state","format":2}"#, "[]", "\u{0}"])
    func otherFilesAreRefused(text: String) async throws {
        let store = try StoreKind.memory.open()
        await #expect(throws: FeedbackError.self) {
            try await store.state.restore(Data(text.utf8), actor: nil)
        }
    }

    /// Numbers that a program never writes, at the ends of what fits.
    @Test func extremeNumbersDoNotStopTheProgram() async throws {
        let world = try await full(.memory)
        let data = try await world.store.state.export(actor: nil)
        let text = String(decoding: data, as: UTF8.self)
            .replacing(#""name":"iter_1""#, with: #""name":"iter_9223372036854775807""#)
            .replacing(
                #/"ranks":{"1":2,"2":1}/#,
                with: #""ranks":{"1":-9223372036854775808,"2":9223372036854775807}"#)
        #expect(text != String(decoding: data, as: UTF8.self))
        let store = try StoreKind.memory.open()
        _ = try await store.state.restore(Data(text.utf8), actor: nil)
        #expect(try await store.datasets.pairs().map(\.rejected) == ["two"])
        _ = try await AgreementReport.make(store)
        _ = try await store.versions.create(
            parentID: 1, method: "sft", recipe: "", datasetID: nil, actor: nil)
    }

    @Test func whatWasUnderWayHasStopped() async throws {
        let world = try await full(.memory)
        let item = try await world.addCase(2)
        let request = SamplingRequest(
            caseID: item.id, prompt: item.messages, versionID: world.base, wanted: 1,
            schedule: SamplingSchedule(), verify: true)
        let id = try await world.store.samplings.create(request, actor: nil).id
        let job = try await world.store.jobs.create(method: "dpo", startedBy: nil)
        let data = try await world.store.state.export(actor: nil)
        let store = try StoreKind.memory.open()
        _ = try await store.state.restore(data, actor: nil)
        #expect(try await store.samplings.find(id).state == .stopped)
        #expect(try await store.jobs.find(job.id).state == .failed)
    }
}
