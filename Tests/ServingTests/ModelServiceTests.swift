import Checkpoints
import Foundation
import Generation
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport

@testable import Serving

/// The engine's answers on the default model.
@Suite(.serialized, .enabled(if: TestFiles.defaultModel != nil, "needs .models"))
struct ModelServiceTests {
    private let model: LanguageModel
    private let service: ModelService
    private let prompt = [Message(role: "user", content: "Which vitamin prevents scurvy?")]

    init() throws {
        startEngine()
        model = try LanguageModel.load(
            try #require(TestFiles.defaultModel), dtype: .float32, device: .cpu)
        service = ModelService(model)
    }

    private func replies(_ operation: EngineRequest.Operation) -> [EngineReply] {
        service.replies(to: operation)
    }

    private func judge(
        adapter: String? = nil, gradient: Bool = true, _ completions: [String], _ ranks: [Int]
    ) throws -> EngineJudgement {
        let judge = EngineJudge(
            adapter: adapter, reference: nil, prompt: prompt, completions: completions,
            ranks: ranks, beta: 0.1, gradient: gradient)
        let replies = replies(.judge(judge))
        guard case .judgement(let judgement)? = replies.first else {
            throw Unexpected(description: "\(replies)")
        }
        #expect(replies.last == .done)
        return judgement
    }

    struct Unexpected: Error { let description: String }

    /// Policy and reference are the same model: every reward 0, every loss ln 2, and yet a
    /// gradient.
    @Test func baseAgainstItself() throws {
        let judgement = try judge(["Vitamin C.", "Vitamin D.", "Aspirin."], [1, 2, 3])
        #expect(judgement.logPolicy == judgement.logReference)
        #expect(judgement.implicitRewards == [0, 0, 0])
        #expect(judgement.pairs.count == 3)
        #expect(judgement.pairs.allSatisfy { abs($0.loss - 0.6931472) < 1e-6 && $0.margin == 0 })
        #expect(judgement.groupRewards == [1, 0.5, 0])
        #expect(try #require(judgement.gradientNorm) > 0)
    }

    /// The numbers are those that `score` gives, and the margins what they make of them.
    @Test func adapterAgainstBase() throws {
        let folder = try adapterFolder(seed: 3)
        defer { try? FileManager.default.removeItem(at: folder) }
        let completions = ["Vitamin C.", "Aspirin."]
        let judgement = try judge(adapter: folder.path, completions, [2, 1])
        let item = EngineScore.Item(prompt: prompt, completions: completions)
        let scored = replies(.score(EngineScore(adapter: folder.path, items: [item])))
        #expect(
            scored.first
                == .scores(
                    EngineScores(
                        logProbabilities: [judgement.logPolicy], tokens: [judgement.tokens])))
        #expect(judgement.logPolicy != judgement.logReference)
        let pair = try #require(judgement.pairs.first)
        #expect(pair.chosen == 1 && pair.rejected == 0)
        let margin =
            0.1
            * (judgement.logPolicy[1] - judgement.logReference[1] - judgement.logPolicy[0]
                + judgement.logReference[0])
        #expect(abs(pair.margin - margin) < 1e-9)
        #expect(abs(pair.loss - log1p(exp(-margin))) < 1e-5)
    }

    /// Streamed pieces make the text, and its log-probability is what `score` gives it.
    @Test func sampling() throws {
        let sample = EngineSample(
            adapter: nil, prompt: prompt, temperature: 0, topP: 1, repetitionPenalty: 1,
            maxTokens: 40)
        let replies = replies(.sample(sample))
        let completions = replies.compactMap { reply in
            if case .completion(let completion) = reply { completion } else { nil }
        }
        let pieces = replies.compactMap { reply in
            if case .token(_, let text) = reply { text } else { nil }
        }
        let completion = try #require(completions.first)
        #expect(completions.count == 1 && replies.last == .done)
        #expect(pieces.joined() == completion.text && pieces.count > 3)
        #expect(completion.logProbability < 0 && completion.tokens <= 40)
    }

    @Test func cancelledRequestsHaveNoAnswer() {
        let sample = EngineSample(adapter: nil, prompt: prompt)
        #expect(service.take(EngineRequest(id: 1, operation: .sample(sample))).isEmpty)
        let cancelled = service.take(EngineRequest(id: 1, operation: .cancel))
        #expect(cancelled == [.reply(id: 1, .cancelled)] && service.isIdle)
    }

    @Test func faultsAreReplies() {
        let missing = replies(
            .sample(EngineSample(adapter: "/nowhere/adapter", prompt: prompt)))
        guard case .error(let message)? = missing.first else {
            Issue.record("\(missing)")
            return
        }
        #expect(missing.count == 1 && message.contains("/nowhere/adapter"))
        let hot = replies(.sample(EngineSample(adapter: nil, prompt: prompt, topP: 2)))
        #expect(hot == [.error(message: "top-p must be above 0 and at most 1")])
    }

    /// More adapters than there is place for: each still answers as itself.
    @Test func manyAdaptersTakeTurns() throws {
        let folders = try (0..<6).map { try adapterFolder(seed: UInt64($0)) }
        defer { folders.forEach { try? FileManager.default.removeItem(at: $0) } }
        let item = EngineScore.Item(prompt: prompt, completions: ["Vitamin C."])
        func score(_ folder: URL) -> [EngineReply] {
            replies(.score(EngineScore(adapter: folder.path, items: [item])))
        }
        let first = folders.map(score)
        #expect(Set(first.map { "\($0)" }).count == 6)
        #expect(folders.map(score) == first)
    }

    /// An adapter that matters: B is not zero.
    private func adapterFolder(seed: UInt64) throws -> URL {
        let configuration = AdapterConfiguration(
            baseModel: "test", rank: 2, alpha: 4, dropout: 0, rankStabilised: false,
            targets: ["q_proj"])
        try model.decoder.attachAdapters(configuration, seed: seed, name: "made")
        let modules = model.decoder.adapterModules("made").map { module in
            AdapterFiles.Module(path: module.path, a: module.a, b: module.b + 0.02)
        }
        let folder = try TestFiles.scratchFolder()
        try AdapterFiles.write(configuration, modules, to: folder)
        return folder
    }
}
