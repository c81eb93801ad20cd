import Records

@testable import Workbench

/// An engine that answers as a test says, and remembers what it was asked.
actor ScriptedEngine: Engine {
    typealias Script = @Sendable (EngineRequest.Operation) async throws -> [EngineReply]

    private let script: Script
    private(set) var operations: [EngineRequest.Operation] = []

    init(_ script: @escaping Script) {
        self.script = script
    }

    func events(
        _ operation: EngineRequest.Operation
    ) -> AsyncThrowingStream<EngineReply, any Error> {
        operations.append(operation)
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: EngineReply.self)
        let task = Task { [script] in
            do {
                for reply in try await script(operation) { continuation.yield(reply) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    var samples: [EngineSample] {
        operations.compactMap { if case .sample(let sample) = $0 { sample } else { nil } }
    }
}

extension ScriptedEngine {
    /// Answers the samples of seeds 100, 101 and so on with these texts; the last one is repeated.
    static func saying(_ texts: [String]) -> ScriptedEngine {
        ScriptedEngine { operation in
            guard case .sample(let sample) = operation else {
                throw EngineError.refused(message: "only samples")
            }
            let place = max(0, Int(clamping: sample.seed) - 100)
            return reply(texts[min(place, texts.count - 1)])
        }
    }

    static func reply(
        _ text: String, finish: EngineCompletion.Finish = .stop
    ) -> [EngineReply] {
        let tokens = max(1, text.split(separator: " ").count)
        return [
            .token(index: 0, text: text),
            .completion(
                EngineCompletion(
                    index: 0, text: text, finish: finish, tokens: tokens,
                    logProbability: -Double(tokens))),
            .done,
        ]
    }
}
