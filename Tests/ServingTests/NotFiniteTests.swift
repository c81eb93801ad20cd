import Foundation
import Generation
import Images
import Records
import TestSupport
import Testing
import VisionTestSupport

@testable import Serving

/// A model whose embedding of Z is no number: requests with a Z end with an error that says so, and
/// nothing else is told of them.
@Suite(.serialized)
struct NotFiniteTests {
    private let service: ModelService
    private let folder: URL

    init() throws {
        folder = try TestFiles.scratchFolder()
        service = ModelService(
            try TinyVLM.model(
                in: folder, withNaNAt: 32 * Int(UInt8(ascii: "Z")), of: TinyVLM.embeddings))
    }

    private func replies(_ operation: EngineRequest.Operation) -> [EngineReply] {
        service.replies(to: operation)
    }

    private func prompt(_ text: String) -> [Message] { [Message(role: "user", content: text)] }

    private func expectRefusal(_ operation: EngineRequest.Operation, _ beginning: String) {
        let replies = replies(operation)
        guard case .error(let message)? = replies.first else {
            Issue.record("\(replies)")
            return
        }
        #expect(replies.count == 1 && message.hasPrefix("\(beginning): the model gives a number"))
    }

    @Test func samples() {
        expectRefusal(.sample(EngineSample(adapter: nil, prompt: prompt("Z"))), "prompt 1")
        let sound = EngineSample(adapter: nil, prompt: prompt("a"), maxTokens: 2)
        #expect(replies(.sample(sound)).last == .done)
    }

    @Test func scoresAndJudgements() {
        let item = EngineScore.Item(prompt: prompt("a"), completions: ["fine", "a Z, or so"])
        expectRefusal(.score(EngineScore(adapter: nil, items: [item])), "completion 2")
        let judge = EngineJudge(
            adapter: nil, reference: nil, prompt: prompt("a"),
            completions: ["fine", "well", "a Z, or so"], ranks: [1, 2, 3])
        expectRefusal(.judge(judge), "completion 3")
    }

    /// An overlay of no numbers would be an image all the same.
    @Test func overlays() throws {
        let blind = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: blind) }
        let service = ModelService(
            try TinyVLM.model(
                in: blind, withNaNAt: 0,
                of: "model.vision_tower.encoder.layers.0.self_attn.q_proj.weight"))
        let file = blind.appending(path: "0.png")
        try Data(PNGFile.bytes(of: TinyVLM.picture(0))).write(to: file)
        for map in [OverlayMap.attention, .saliency] {
            let explain = EngineExplain(
                adapter: nil, prompt: prompt("a"), images: [ImageReference(path: file.path)],
                completion: "a", place: 0, map: map)
            #expect(
                service.replies(to: .explain(explain)) == [
                    .error(message: "the gradient or the attention is not finite")
                ])
        }
    }
}
