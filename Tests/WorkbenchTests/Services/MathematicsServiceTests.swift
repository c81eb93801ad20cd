import Feedback
import Foundation
import Records
import Testing

@testable import Workbench

struct MathematicsServiceTests {
    private static let judgement = EngineJudgement(
        logPolicy: [-10, -12], logReference: [-11, -11], tokens: [4, 5],
        implicitRewards: [0.1, -0.1],
        pairs: [.init(chosen: 0, rejected: 1, margin: 0.2, loss: 0.6)],
        loss: 0.6, groupRewards: [1, 0], advantages: [1, -1], gradientNorm: 2.5)

    private static func engine(_ judgement: EngineJudgement = judgement) -> ScriptedEngine {
        ScriptedEngine { _ in [.judgement(judgement), .done] }
    }

    @Test func aRankingIsPutToTheEngineAndItsNumbersToTheTraces() async throws {
        let bench = try await ServiceStore()
        let sampling = try await bench.addPair()
        let engine = Self.engine()
        let service = MathematicsService(store: bench.store, engine: engine)
        let mathematics = try await service.mathematics(
            of: sampling.id, rater: bench.expert, beta: 0.2)
        let traces = try await bench.store.samplings.traces(of: sampling.id)
        #expect(
            await engine.operations == [
                .judge(
                    EngineJudge(
                        adapter: nil, reference: nil, prompt: sampling.prompt,
                        completions: ["a good answer", "some bad one"], ranks: [1, 2], beta: 0.2))
            ])
        #expect(mathematics.answers.map(\.id) == traces.map(\.id))
        #expect(mathematics.answers.map(\.rank) == [1, 2])
        #expect(mathematics.answers.map(\.advantage) == [1, -1])
        #expect(mathematics.answers.map(\.tokens) == [4, 5])
        #expect(
            mathematics.pairs == [
                .init(chosen: traces[0].id, rejected: traces[1].id, margin: 0.2, loss: 0.6)
            ])
        #expect(mathematics.gradientNorm == 2.5)
        #expect(mathematics.policy == "base")
        #expect(mathematics.reference == "base")
        #expect(Set(mathematics.formulas.keys).isSuperset(of: ["loss", "advantage"]))
    }

    @Test func theReferenceIsTheParentOfTheCurrentVersion() async throws {
        let bench = try await ServiceStore()
        let sampling = try await bench.addPair()
        for number in 1...2 {
            let parent = try await bench.store.versions.current().id
            let version = try await bench.store.versions.create(
                parentID: parent, method: "dpo", recipe: "", datasetID: nil, actor: nil)
            _ = try await bench.store.versions.complete(
                version.id, adapter: "/adapter/\(number)", metrics: .object([:]), actor: nil)
            _ = try await bench.store.versions.promote(version.id, reason: "", actor: nil)
        }
        let engine = Self.engine()
        let mathematics = try await MathematicsService(store: bench.store, engine: engine)
            .mathematics(of: sampling.id, rater: bench.expert, beta: 0.1)
        guard case .judge(let request) = await engine.operations.first else {
            Issue.record("nothing was judged")
            return
        }
        #expect(request.adapter == "/adapter/2")
        #expect(request.reference == "/adapter/1")
        #expect(mathematics.policy == "iter_2")
        #expect(mathematics.reference == "iter_1")
    }

    @Test func unacceptableAnswersAreAllEqual() async throws {
        let bench = try await ServiceStore()
        let sampling = try await bench.addSampling(
            of: try await bench.addCase(), ["a good answer", "some bad one"])
        try await bench.rank(sampling, unacceptable: true)
        let engine = Self.engine()
        _ = try await MathematicsService(store: bench.store, engine: engine)
            .mathematics(of: sampling.id, rater: bench.expert, beta: 0.1)
        guard case .judge(let request) = await engine.operations.first else {
            Issue.record("nothing was judged")
            return
        }
        #expect(request.ranks == [1, 1])
    }

    @Test func whatCannotBeAnsweredSaysWhy() async throws {
        let bench = try await ServiceStore()
        let sampling = try await bench.addPair()
        let service = MathematicsService(store: bench.store, engine: Self.engine())
        await #expect(
            throws: ServiceError.notFound(what: "ranking of yours for sampling \(sampling.id)")
        ) {
            try await service.mathematics(of: sampling.id, rater: 99, beta: 0.1)
        }
        await #expect(throws: ServiceError.invalid("beta must be in (0, 10]")) {
            try await service.mathematics(of: sampling.id, rater: bench.expert, beta: 0)
        }
        // An engine that answers for another number of completions is not believed.
        var short = Self.judgement
        short.tokens = [4]
        let other = MathematicsService(store: bench.store, engine: Self.engine(short))
        let garbled = EngineError.garbled(reason: "a judgement of another number of completions")
        await #expect(throws: ServiceError.engine(garbled)) {
            try await other.mathematics(of: sampling.id, rater: bench.expert, beta: 0.1)
        }
    }
}
