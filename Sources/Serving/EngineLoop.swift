import Foundation
import Records

/// The engine's process: requests from one stream, replies to the other, a line of JSON each.
public struct EngineLoop {
    private let service: ModelService
    private let queue = RequestQueue()
    private let output: FileHandle

    public init(_ service: ModelService, output: FileHandle = .standardOutput) {
        self.service = service
        self.output = output
    }

    /// Answers requests until the input ends.
    ///
    /// - Parameters:
    ///   - model: what the first line calls the model.
    ///   - readLine: the next line of the input, nil at its end; called on a thread of its own.
    public func run(
        model: String, readLine: @escaping @Sendable () -> String? = { Swift.readLine() }
    ) {
        write(.ready(model: model, readsImages: service.readsImages))
        let (queue, output) = (queue, output)
        Thread.detachNewThread {
            while let line = readLine() {
                do {
                    queue.add(try JSONDecoder().decode(EngineRequest.self, from: Data(line.utf8)))
                } catch {
                    Self.write(.refused(message: Self.reason(error)), to: output)
                }
            }
            queue.close()
        }
        // What came meanwhile joins what is being computed.
        while let requests = queue.take(waiting: service.isIdle) {
            for event in requests.flatMap(service.take) { write(event) }
            for event in service.turn() { write(event) }
        }
    }

    private func write(_ event: EngineEvent) { Self.write(event, to: output) }

    /// One write a line: lines of two threads do not mix.
    private static func write(_ event: EngineEvent, to output: FileHandle) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(event) else {
            // JSON has no word for infinity.
            if case .reply(let id, _) = event {
                write(.reply(id: id, .error(message: "a number is not finite")), to: output)
            }
            return
        }
        line.append(UInt8(ascii: "\n"))
        // A client that is gone closes the input too, which ends the loop.
        try? output.write(contentsOf: line)
    }

    /// What is wrong with a line, without its text.
    private static func reason(_ error: any Error) -> String {
        let place: DecodingError.Context
        switch error {
        case DecodingError.keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context): place = context
        case DecodingError.valueNotFound(_, let context): place = context
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            place = context
        default: return "not a line of JSON"
        }
        let path = place.codingPath.map(\.stringValue).joined(separator: ".")
        return "'\(path)' is not what it should be"
    }
}
