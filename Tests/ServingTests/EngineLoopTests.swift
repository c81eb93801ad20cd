import Foundation
import Records
import TestSupport
import Testing
import VisionTestSupport

@testable import Serving

/// Lines in, lines out, as the engine's process has them.
struct EngineLoopTests {
    private let folder: URL
    private let output: URL

    init() throws {
        folder = try TestFiles.scratchFolder()
        output = folder.appending(path: "output")
        try Data().write(to: output)
    }

    private func line(_ id: Int, _ operation: EngineRequest.Operation) throws -> String {
        let request = EngineRequest(id: id, operation: operation)
        return String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
    }

    private func sample(seed: UInt64, tokens: Int) -> EngineRequest.Operation {
        .sample(
            EngineSample(
                adapter: nil, prompt: [Message(role: "user", content: "What?")], seed: seed,
                temperature: 1, topP: 1, maxTokens: tokens, count: 2))
    }

    private func events() throws -> [EngineEvent] {
        try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map { line in
            try JSONDecoder().decode(EngineEvent.self, from: Data(line.utf8))
        }
    }

    /// Three requests are under way, a line is none, one request is cancelled: every event names
    /// its request, and the others are answered as if alone.
    @Test func requestsAreUnderWayTogether() throws {
        let service = ModelService(try TinyVLM.model(in: folder))
        let operations = [sample(seed: 1, tokens: 12), sample(seed: 2, tokens: 12)]
        let expected = operations.map(service.replies)
        let lines = Locked(
            try [line(1, operations[0]), line(3, sample(seed: 3, tokens: 900)), "no request"]
                + [line(2, operations[1]), line(3, .cancel)])
        let output = output
        EngineLoop(service, output: try FileHandle(forWritingTo: output)).run(model: "tiny") {
            if let line = lines.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return line }
            // The input ends when all is answered.
            while true {
                let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
                let isAnswered = [1, 2].allSatisfy {
                    text.contains(#"{"event":"done","id":\#($0)}"#)
                }
                if isAnswered, text.contains("cancelled") { return nil }
                usleep(1000)
            }
        }
        let events = try events()
        #expect(events.first == .ready(model: "tiny", readsImages: true))
        #expect(events.contains(.refused(message: "not a line of JSON")))
        #expect(events.replies(to: 1) == expected[0] && events.replies(to: 2) == expected[1])
        #expect(events.replies(to: 3).last == .cancelled)
    }
}
