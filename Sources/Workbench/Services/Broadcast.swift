/// Sends the same elements to any number of subscribers.
///
/// A subscriber that does not keep up loses the oldest elements, never the newest, and holds up
/// nobody.
struct Broadcast<Element: Sendable>: Sendable {
    private var subscribers: [AsyncStream<Element>.Continuation] = []

    /// How many elements a subscriber may be behind.
    static var capacity: Int { 512 }

    /// A new subscriber.
    ///
    /// - Parameter first: What it is sent before anything else.
    mutating func subscribe(first: Element? = nil) -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Element.self, bufferingPolicy: .bufferingNewest(Self.capacity))
        if let first { continuation.yield(first) }
        subscribers.append(continuation)
        return stream
    }

    /// Sends to all, and forgets those that have gone.
    mutating func send(_ element: Element) {
        subscribers.removeAll { subscriber in
            if case .terminated = subscriber.yield(element) { true } else { false }
        }
    }

    /// Ends all streams, after what they still hold.
    mutating func finish() {
        for subscriber in subscribers { subscriber.finish() }
        subscribers = []
    }

    /// A stream of one element, for who comes when all is over.
    static func ended(with element: Element) -> AsyncStream<Element> {
        AsyncStream { continuation in
            continuation.yield(element)
            continuation.finish()
        }
    }
}
