import Hummingbird
import NIOCore
import ServiceLifecycle

/// Replies that stay open and send events.
///
/// Every client has a queue of its own, so that a slow one holds up nobody; one that is
/// `capacity` events behind is let go, and its browser asks anew. A stream ends when its events
/// end, when the client goes, when the server shuts down, or when the client may no longer read.
package struct EventStream: Sendable {
    private let keepAlive: Duration
    private let capacity: Int

    package init(keepAlive: Duration = .seconds(15), capacity: Int = 4_096) {
        self.keepAlive = keepAlive
        self.capacity = capacity
    }

    /// - Parameters:
    ///   - mayGoOn: Asked at every keep-alive; false ends the stream.
    ///   - events: What to send; cancelled with the stream.
    ///   - encode: An event's name and data; what it throws ends the stream.
    package func response<Event: Sendable>(
        to request: Request, while mayGoOn: @escaping @Sendable () async -> Bool,
        events: AsyncStream<Event>, encode: @escaping @Sendable (Event) throws -> ServerEvent
    ) -> Response {
        let body = ResponseBody { writer in
            let frames = self.frames(events, encode: encode, while: mayGoOn)
            try? await withGracefulShutdownHandler {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    for await frame in frames.stream { try await writer.write(frame) }
                } onInboundClosed: {
                    frames.end()
                }
            } onGracefulShutdown: {
                frames.end()
            }
            frames.end()
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: Self.headers, body: body)
    }

    /// Frames on their way to one client, and how to end them.
    package struct Frames: Sendable {
        let stream: AsyncStream<ByteBuffer>
        let end: @Sendable () -> Void
    }

    /// - Returns: What to write, starting with a comment, so that the headers leave at once.
    package func frames<Event: Sendable>(
        _ events: AsyncStream<Event>, encode: @escaping @Sendable (Event) throws -> ServerEvent,
        while mayGoOn: @escaping @Sendable () async -> Bool
    ) -> Frames {
        let (stream, frames) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(capacity))
        frames.yield(ServerEvent.keepAlive)
        let pump = Task {
            for await event in events {
                guard let frame = try? encode(event).frame,
                    case .enqueued = frames.yield(frame)
                else { break }
            }
            frames.finish()
        }
        let clock = Task { [keepAlive] in
            while (try? await Task.sleep(for: keepAlive)) != nil, await mayGoOn() {
                frames.yield(ServerEvent.keepAlive)
            }
            frames.finish()
        }
        frames.onTermination = { _ in
            pump.cancel()
            clock.cancel()
        }
        return Frames(stream: stream) { frames.finish() }
    }

    private static let headers: HTTPFields = [
        .contentType: "text/event-stream; charset=utf-8",
        .cacheControl: "no-store",
    ]
}
