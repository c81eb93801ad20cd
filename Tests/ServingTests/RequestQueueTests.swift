import Records
import Testing

@testable import Serving

struct RequestQueueTests {
    private func request(_ id: Int) -> EngineRequest {
        EngineRequest(id: id, operation: .score(EngineScore(adapter: nil, items: [])))
    }

    @Test func requestsKeepTheirOrder() {
        let queue = RequestQueue()
        queue.add(request(4))
        queue.add(request(2))
        #expect(queue.next()?.id == 4)
        #expect(queue.next()?.id == 2)
    }

    @Test func cancelReachesWaitingAndCurrent() {
        let queue = RequestQueue()
        queue.add(request(1))
        queue.add(request(2))
        queue.add(EngineRequest(id: 2, operation: .cancel))
        _ = queue.next()
        #expect(!queue.isCancelled(1) && queue.isCancelled(2))
        queue.add(EngineRequest(id: 1, operation: .cancel))
        #expect(queue.isCancelled(1))
    }

    /// A later request of the same id is not cancelled by what ended the first.
    @Test func cancelDoesNotLinger() {
        let queue = RequestQueue()
        queue.add(EngineRequest(id: 1, operation: .cancel))
        queue.add(request(1))
        _ = queue.next()
        #expect(!queue.isCancelled(1))
    }

    @Test func closingEndsEverything() {
        let queue = RequestQueue()
        queue.add(request(1))
        queue.close()
        #expect(queue.next() == nil && queue.isCancelled(1))
    }
}
