import Checkpoints
import Foundation
import Generation
import Models
import Records
import TestSupport
import Testing
import Torch
import VisionTestSupport

@testable import Serving

/// Several requests at the service together, on a tiny model.
@Suite(.serialized)
struct CompanyTests {
    private let model: LanguageModel
    private let service: ModelService
    private let folder: URL
    private let prompt = [Message(role: "user", content: "What is it?")]

    init() throws {
        folder = try TestFiles.scratchFolder()
        model = try TinyVLM.model(in: folder)
        service = ModelService(model)
    }

    private func sample(
        _ adapter: String? = nil, seed: UInt64 = 1, count: Int = 1, tokens: Int = 20
    ) -> EngineRequest.Operation {
        .sample(
            EngineSample(
                adapter: adapter, prompt: prompt, seed: seed, temperature: 1, topP: 1,
                maxTokens: tokens, count: count))
    }

    private func score(_ items: Int, adapter: String? = nil) -> EngineRequest.Operation {
        let item = EngineScore.Item(prompt: prompt, completions: ["A nodule.", "Nothing."])
        return .score(
            EngineScore(adapter: adapter, items: Array(repeating: item, count: items)))
    }

    /// An adapter that matters: B is not zero.
    private func adapterFolder(_ seed: UInt64) throws -> String {
        let configuration = AdapterConfiguration(
            baseModel: "test", rank: 2, alpha: 8, dropout: 0, rankStabilised: false,
            targets: ["o_proj"])
        try model.decoder.attachAdapters(configuration, seed: seed, name: "made")
        let modules = model.decoder.adapterModules("made").map { module in
            AdapterFiles.Module(path: module.path, a: module.a, b: module.b + 0.5)
        }
        let adapter = try TestFiles.scratchFolder()
        try AdapterFiles.write(configuration, modules, to: adapter)
        return adapter.path
    }

    /// The completions are those of a request alone, with more adapters in use than usually stay.
    @Test func answersAreDrawnTogether() throws {
        let folders: [String?] = [nil] + (try (1...6).map(adapterFolder))
        let operations = folders.map { sample($0, count: 2) } + [score(2, adapter: folders[1])]
        let expected = operations.map { ModelService(model).replies(to: $0).results }
        #expect(Set(expected.map { "\($0)" }).count == operations.count)
        var events = operations.enumerated().flatMap { id, operation in
            service.take(EngineRequest(id: id, operation: operation))
        }
        while !service.isIdle { events += service.turn() }
        for (id, expected) in expected.enumerated() {
            #expect(events.replies(to: id).results == expected)
            #expect(events.replies(to: id).last == .done)
        }
        // Not one after the other: each has begun before any has ended.
        let drawn = events.filter { $0.id != 7 }
        let before = drawn.prefix { if case .reply(_, .done) = $0 { false } else { true } }
        #expect(Set(before.compactMap(\.id)) == Set(0..<7))
    }

    /// A long score does not hold up what is being drawn, nor the other way round.
    @Test func scoresAreComputedBetweenTokens() {
        _ = service.take(EngineRequest(id: 1, operation: score(30)))
        _ = service.take(EngineRequest(id: 2, operation: sample(tokens: 5)))
        var events: [EngineEvent] = []
        while !service.isIdle { events += service.turn() }
        #expect(events.last == .reply(id: 1, .done))
        #expect(events.replies(to: 2).last == .done)
        #expect(events.replies(to: 1) == service.replies(to: score(30)))
    }

    @Test func cancellingLeavesTheOthers() {
        let expected = service.replies(to: sample(seed: 2)).results
        for (id, operation) in [sample(seed: 1, count: 3), sample(seed: 2), score(9)].enumerated() {
            _ = service.take(EngineRequest(id: id, operation: operation))
        }
        var events = service.turn() + service.turn()
        for id in [0, 2] {
            let cancelled = service.take(EngineRequest(id: id, operation: .cancel))
            #expect(cancelled == [.reply(id: id, .cancelled)])
        }
        var later: [EngineEvent] = []
        while !service.isIdle { later += service.turn() }
        #expect(later.allSatisfy { $0.id == 1 })
        events += later
        #expect(events.replies(to: 1).results == expected)
        // Who has ended, or was never there, is not cancelled.
        #expect(service.take(EngineRequest(id: 1, operation: .cancel)).isEmpty)
    }
}

extension EngineEvent {
    fileprivate var id: Int? { if case .reply(let id, _) = self { id } else { nil } }
}

extension [EngineReply] {
    /// Without the pieces of text, which come as they come.
    fileprivate var results: [EngineReply] {
        filter { if case .token = $0 { false } else { true } }
    }
}
