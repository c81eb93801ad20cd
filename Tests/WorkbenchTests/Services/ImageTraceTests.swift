import Feedback
import Foundation
import Records
import TestSupport
import Testing

@testable import Workbench

/// Images go with their cases: to the engine, into training records, and into what is measured.
struct ImageTraceTests {
    private let bench: ServiceStore
    private let images: [CaseImage]

    private var store: FeedbackStore { bench.store }

    init() async throws {
        bench = try await ServiceStore()
        let folder = try #require(bench.store.images)
        images = try (1...2).map { number in
            try folder.add(Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, UInt8(number)]))
        }
    }

    private func files(_ images: [CaseImage]) -> [ImageReference] {
        images.compactMap { store.images?.file(of: $0).path }.map { ImageReference(path: $0) }
    }

    /// Whatever is asked is answered.
    private static func engine(_ readsImages: Bool = true) -> ScriptedEngine {
        ScriptedEngine { operation in
            guard readsImages || operation.images.isEmpty else { throw EngineError.readsNoImages }
            switch operation {
            case .sample: return ScriptedEngine.reply("Answer: B")
            case .score(let score):
                let counts = score.items.map { $0.completions.map { _ in 1 } }
                return [
                    .scores(
                        EngineScores(
                            logProbabilities: score.items.map { item in
                                item.completions.map { -Double($0.utf8.count) }
                            }, tokens: counts)),
                    .done,
                ]
            case .judge(let judge):
                let zeros = judge.completions.map { _ in 0.0 }
                return [
                    .judgement(
                        EngineJudgement(
                            logPolicy: zeros, logReference: zeros, tokens: zeros.map { _ in 1 },
                            implicitRewards: zeros, pairs: [], loss: 0, groupRewards: zeros,
                            advantages: zeros, gradientNorm: nil)), .done,
                ]
            case .explain: return [.overlay(EngineOverlay(png: Data([1, 2]))), .done]
            case .cancel: return [.done]
            }
        }
    }

    @Test func aCaseIsSampledWithItsImages() async throws {
        let engine = Self.engine()
        let service = SamplingService(store: store, engine: engine)
        let item = try await bench.addCase(images: images)
        var settings = SamplingSettings()
        (settings.plan.wanted, settings.plan.schedule.attempts) = (1, 1)
        let sampling = try await service.sample(item.id, settings: settings, by: nil)
        #expect(sampling.images == images)
        for await _ in try await service.events(sampling.id) {}
        let asked = try await service.ask("And this?", images: [images[1]], by: nil)
        for await _ in try await service.events(asked.id) {}
        let samples = await engine.samples
        #expect(samples.map(\.images) == [files(images), files([images[1]])])
        #expect(samples[0].prompt == item.messages)
    }

    /// It is told on the page, as the sampling's error, and nothing is answered from the text.
    @Test func aModelOfTextSaysThatItSeesNothing() async throws {
        let service = SamplingService(store: store, engine: Self.engine(false))
        let item = try await bench.addCase(images: images)
        let sampling = try await service.sample(item.id, settings: SamplingSettings(), by: nil)
        for await _ in try await service.events(sampling.id) {}
        let failed = try await store.samplings.find(sampling.id)
        #expect(failed.state == .failed && failed.attempts == 0)
        #expect(failed.error?.contains("the model reads no images") == true)
    }

    @Test func aFileThatIsGoneIsToldBeforeAnythingIsAsked() async throws {
        let engine = Self.engine()
        let service = SamplingService(store: store, engine: engine)
        let item = try await bench.addCase(images: images)
        store.images?.remove(images[1])
        let error = await #expect(throws: ServiceError.self) {
            try await service.sample(item.id, settings: SamplingSettings(), by: nil)
        }
        let words = try #require(error?.description)
        #expect(words.contains(images[1].hash.prefix(16)) && !words.contains("/"))
        #expect(try await store.samplings.ofCase(item.id).isEmpty)
        #expect(await engine.operations.isEmpty)
    }

    @Test func aRankingIsJudgedWithTheImages() async throws {
        let engine = Self.engine()
        let sampling = try await bench.addPair(images: images)
        _ = try await MathematicsService(store: store, engine: engine)
            .mathematics(of: sampling.id, rater: bench.expert, beta: 0.1)
        #expect(await engine.operations.map(\.images) == [files(images)])
    }

    @Test(arguments: [UpdateMethod.dpo, .sft, .kto, .grpo, .reward])
    func trainingRecordsNameTheImages(method: UpdateMethod) async throws {
        try await bench.addPair(images: [images[0]])
        try await bench.addPair(["the same answer", "another answer"], images: images)
        try await bench.addPair()
        for sampling in 1...2 {
            let trace = try await store.samplings.traces(of: Int64(sampling))[0]
            _ = try await store.records.record(
                traceID: trace.id, preferredResponse: "Better: B", kind: .edit, by: bench.expert)
        }
        let plan = try await UpdatePlan.make(
            method, store: store, agreementLevel: 0.5, rewardModel: nil)
        let folder = try JobFolder.create(job: 1, in: try TestFiles.scratchFolder())
        let recipe = try plan.write(to: folder, model: "tiny")
        let root = try #require(store.images?.url.path)
        #expect(recipe.text.contains("image_root: \"\(root)\"\n"))
        // None is left out for its length without a word.
        #expect(recipe.text.contains("overlong_records: \"stop\"\n"))
        let text = try String(contentsOf: folder.data, encoding: .utf8)
        let lines = try text.split(separator: "\n").map { line in
            try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        }
        // Each as TRL has them, as often as there are records of the case; those of text have none.
        func count(_ paths: [String]) -> Int {
            lines.count { ($0["images"]?.array?.compactMap(\.string) ?? []) == paths }
        }
        let counts = [
            count(["images/\(images[0].fileName)"]), count(images.map(\.path)), count([]),
        ]
        let expected =
            switch method {
            case .dpo, .reward, .grpo: [1, 1, 1]
            case .sft: [1, 1, 0]
            // Best and worst of each ranking, then a correction and what it corrects.
            case .kto: [4, 4, 2]
            }
        #expect(counts == expected && lines.count == expected.reduce(0, +))
    }

    @Test func recordsOfTextNeedNoFolder() async throws {
        for _ in 0..<2 { try await bench.addPair() }
        let plan = try await UpdatePlan.make(
            .dpo, store: store, agreementLevel: 0.5, rewardModel: nil)
        let folder = try JobFolder.create(job: 1, in: try TestFiles.scratchFolder())
        #expect(try !plan.write(to: folder, model: "tiny").text.contains("image_root"))
        #expect(try !String(contentsOf: folder.data, encoding: .utf8).contains("images"))
    }

    @Test func noTrainingBeginsWithoutItsImages() async throws {
        for _ in 0..<2 { try await bench.addPair(images: images) }
        store.images?.remove(images[0])
        await #expect(throws: ServiceError.self) {
            try await UpdatePlan.make(.dpo, store: store, agreementLevel: 0.5, rewardModel: nil)
        }
    }

    @Test func whatIsKeptAsideIsMeasuredWithItsImages() async throws {
        try await bench.addPair(heldOut: true, ["short", "much longer"], images: images)
        let engine = Self.engine()
        let metrics = try await evaluator(engine).metrics(before: nil, after: "/adapter")
        #expect(metrics.preferenceAccuracy.after == 1 && metrics.preferenceAccuracy.n == 1)
        #expect(metrics.caseAccuracy.after == 1 && metrics.caseAccuracy.leftOut == 0)
        let asked = await engine.operations
        #expect(asked.count == 4 && asked.allSatisfy { $0.images == files(images) })
    }

    /// What it cannot see counts for nothing, and how much that is is told.
    @Test func aModelOfTextIsNotMeasuredOnImages() async throws {
        try await bench.addPair(heldOut: true, ["short", "much longer"], images: images)
        try await bench.addPair(heldOut: true, ["short", "much longer", "the very longest"])
        let metrics = try await evaluator(Self.engine(false))
            .metrics(before: nil, after: "/adapter")
        #expect(metrics.preferenceAccuracy.n == 3 && metrics.preferenceAccuracy.leftOut == 1)
        #expect(metrics.caseAccuracy.n == 1 && metrics.caseAccuracy.leftOut == 1)
        #expect(metrics.json["caseAccuracy"]?["leftOut"] == .integer(1))
    }

    private func evaluator(_ engine: ScriptedEngine) -> VersionEvaluator {
        VersionEvaluator(
            store: store, engine: engine, limits: EvaluationLimits(), agreementLevel: 0.5)
    }

    @Test func theVersionThatAnsweredSaysWhereItLooked() async throws {
        let engine = Self.engine()
        let sampling = try await bench.addPair(images: images)
        let trace = try await store.samplings.traces(of: sampling.id)[1]
        let service = OverlayService(store: store, engine: engine)
        #expect(try await service.overlay(of: trace.id, image: 1, .attention) == Data([1, 2]))
        #expect(
            await engine.operations == [
                .explain(
                    EngineExplain(
                        adapter: nil, prompt: sampling.prompt, images: files(images),
                        completion: "some bad one", place: 1, map: .attention))
            ])
        await #expect(throws: ServiceError.invalid("the model saw 2 images with this answer")) {
            try await service.overlay(of: trace.id, image: 2, .saliency)
        }
        await #expect(throws: ServiceError.self) {
            try await service.overlay(of: 99, image: 0, .saliency)
        }
    }
}
