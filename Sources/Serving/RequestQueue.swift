import Foundation
import Records

/// Requests that wait, in their order; filled by the thread that reads, emptied by the one that
/// computes.
public final class RequestQueue: @unchecked Sendable {  // all state is guarded by the condition
    private let condition = NSCondition()
    private var waiting: [EngineRequest] = []
    private var cancelled: Set<Int> = []
    private var current: Int?
    private var isClosed = false

    public init() {}

    /// Adds a request; `cancel` acts at once, on a request that waits or is being answered.
    package func add(_ request: EngineRequest) {
        condition.withLock {
            if case .cancel = request.operation {
                let isKnown =
                    current == request.id || waiting.contains { $0.id == request.id }
                if isKnown { cancelled.insert(request.id) }
            } else {
                waiting.append(request)
            }
            condition.signal()
        }
    }

    /// No request follows.
    package func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }

    /// Waits for the next request; nil when none follows.
    package func next() -> EngineRequest? {
        condition.withLock {
            if let current { cancelled.remove(current) }
            current = nil
            while waiting.isEmpty, !isClosed { condition.wait() }
            // A client that is gone reads no answers: what waits is left.
            if isClosed { return nil }
            let request = waiting.removeFirst()
            current = request.id
            return request
        }
    }

    /// Whether the request's end was asked for, or its client is gone.
    package func isCancelled(_ id: Int) -> Bool {
        condition.withLock { isClosed || cancelled.contains(id) }
    }
}
