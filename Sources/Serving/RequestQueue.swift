import Foundation
import Records

/// Requests in the order in which they came: filled by the thread that reads, emptied by the one
/// that computes.
final class RequestQueue: @unchecked Sendable {  // all state is guarded by the condition
    private let condition = NSCondition()
    private var requests: [EngineRequest] = []
    private var isClosed = false

    func add(_ request: EngineRequest) {
        condition.withLock {
            requests.append(request)
            condition.signal()
        }
    }

    /// No request follows.
    func close() {
        condition.withLock {
            isClosed = true
            condition.signal()
        }
    }

    /// Takes all that has come; nil when none follows.
    ///
    /// - Parameter waiting: whether to wait for one where there is none.
    func take(waiting: Bool) -> [EngineRequest]? {
        condition.withLock {
            while waiting, requests.isEmpty, !isClosed { condition.wait() }
            // A client that is gone reads no answers: what waits is left.
            if isClosed { return nil }
            defer { requests = [] }
            return requests
        }
    }
}
