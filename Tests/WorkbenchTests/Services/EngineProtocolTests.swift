import Foundation
import Records
import Testing

struct EngineProtocolTests {
    private static func decoded<Value: Decodable>(_ text: String, as: Value.Type) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    private static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func requestsAreFlatObjects() throws {
        let sample = EngineSample(
            adapter: "/a", prompt: [Message(role: "user", content: "x")],
            images: [ImageReference(path: "/i.dcm", frame: 2)], seed: 7, maxTokens: 9)
        let request = EngineRequest(id: 1, operation: .sample(sample))
        let text = """
            {"adapter":"/a","count":1,"id":1,"images":[{"frame":2,"path":"/i.dcm"}],\
            "maxTokens":9,"op":"sample",\
            "prompt":[{"content":"x","role":"user"}],"repetitionPenalty":1.1,"seed":7,\
            "temperature":0.6,"topK":0,"topP":0.9}
            """
        #expect(try Self.encoded(request) == text)
        #expect(try Self.decoded(text, as: EngineRequest.self) == request)
    }

    @Test func whereAModelLookedIsAskedOfOneImage() throws {
        let explain = EngineExplain(
            adapter: nil, prompt: [Message(role: "user", content: "x")],
            images: [ImageReference(path: "/a"), ImageReference(path: "/b")], completion: "y",
            place: 1, map: .attention)
        let request = EngineRequest(id: 4, operation: .explain(explain))
        #expect(request.operation.images.map(\.path) == ["/a", "/b"])
        let text = try Self.encoded(request)
        #expect(text.contains(#""map":"attention","op":"explain","place":1"#))
        #expect(try Self.decoded(text, as: EngineRequest.self) == request)
    }

    @Test func nullAndMissingAdaptersAreTheBaseModel() throws {
        for adapter in ["", #""adapter":null,"#] {
            let text = #"{"id":3,"op":"score",\#(adapter)"items":[]}"#
            #expect(
                try Self.decoded(text, as: EngineRequest.self)
                    == EngineRequest(id: 3, operation: .score(EngineScore(adapter: nil, items: [])))
            )
        }
    }

    @Test(arguments: [
        #"{"id":1,"op":"dance"}"#, #"{"op":"cancel"}"#, #"{"id":1,"op":"sample"}"#,
    ])
    func otherRequestsAreRefused(_ text: String) {
        #expect(throws: DecodingError.self) { try Self.decoded(text, as: EngineRequest.self) }
    }

    @Test func everyEventReadsAsItWasWritten() throws {
        let judgement = EngineJudgement(
            logPolicy: [-1], logReference: [-2], tokens: [3], implicitRewards: [0.1],
            pairs: [.init(chosen: 0, rejected: 1, margin: 0.5, loss: 0.25)], loss: 0.25,
            groupRewards: [1], advantages: [0], gradientNorm: nil)
        let completion = EngineCompletion(
            index: 0, text: "a", finish: .length, tokens: 1, logProbability: -0.5)
        let replies: [EngineReply] = [
            .token(index: 1, text: "\u{2028}\n"), .completion(completion), .judgement(judgement),
            .scores(EngineScores(logProbabilities: [[-1.5]], tokens: [[2]])),
            .overlay(EngineOverlay(png: Data([0, 255, 10]))), .done, .cancelled,
            .error(message: "m"),
        ]
        let events =
            replies.map { EngineEvent.reply(id: 5, $0) } + [
                .ready(model: "m", readsImages: true), .refused(message: "r"),
            ]
        for event in events {
            let text = try Self.encoded(event)
            #expect(!text.contains("\n"))
            #expect(try Self.decoded(text, as: EngineEvent.self) == event)
        }
        #expect(replies.map(\.isLast) == [false, false, false, false, false, true, true, true])
    }

    @Test(arguments: [#"{"event":"done"}"#, #"{"id":1,"event":"melody"}"#, "[]", "ready"])
    func otherEventsAreRefused(_ text: String) {
        #expect(throws: DecodingError.self) { try Self.decoded(text, as: EngineEvent.self) }
    }
}
