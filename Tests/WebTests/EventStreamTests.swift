import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import Web

struct EventStreamTests {
    private final class Counter: Sendable {
        private let count = Locked(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private static func event(_ number: Int) throws -> ServerEvent {
        try ServerEvent(name: "n", number)
    }

    private static func text(_ frames: EventStream.Frames) async -> String {
        var text = ""
        for await frame in frames.stream { text += String(buffer: frame) }
        return text
    }

    @Test func namesAndEncodesEvents() throws {
        let event = try ServerEvent(name: "state", ["text": "a\nb"])
        #expect(String(buffer: event.frame) == "event: state\ndata: {\"text\":\"a\\nb\"}\n\n")
    }

    @Test func aStreamThatMayNotGoOnEnds() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Int.self)
        continuation.yield(1)
        let counter = Counter()
        let stream = EventStream(keepAlive: .milliseconds(50), capacity: 8)
        let router = Router(context: BasicRequestContext.self)
        router.get("events") { request, _ in
            stream.response(
                to: request, while: { counter.next() < 3 }, events: events, encode: Self.event)
        }
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/events", method: .get) { response in
                let text = String(buffer: response.body)
                #expect(text.hasPrefix(": keep-alive\n\nevent: n\ndata: 1\n\n"))
                // One at the start and two that were allowed; the third question ends it.
                #expect(text.split(separator: ": keep-alive").count == 3)
            }
        }
        continuation.finish()
    }

    @Test(.timeLimit(.minutes(1))) func aClientFarBehindIsLetGo() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Int.self)
        for number in 1...10 { continuation.yield(number) }
        let frames = EventStream(keepAlive: .seconds(60), capacity: 4)
            .frames(events, encode: Self.event, while: { true })
        // The client reads nothing meanwhile.
        try await Task.sleep(for: .seconds(1))
        // The comment and three events fitted in.
        #expect(
            await Self.text(frames)
                == ": keep-alive\n\n"
                + (1...3).map { "event: n\ndata: \($0)\n\n" }.joined())
    }

    @Test(.timeLimit(.minutes(1))) func endingAStreamEndsItsEvents() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Int.self)
        let (ended, signal) = AsyncStream.makeStream(of: Void.self)
        continuation.onTermination = { _ in signal.finish() }
        let frames = EventStream().frames(events, encode: Self.event, while: { true })
        frames.end()
        for await _ in ended {}
        #expect(await Self.text(frames) == ": keep-alive\n\n")
    }
}
