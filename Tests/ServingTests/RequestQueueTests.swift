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
        queue.add(EngineRequest(id: 4, operation: .cancel))
        #expect(queue.take(waiting: true)?.map(\.id) == [4, 2, 4])
    }

    /// Who has something to compute does not wait for more.
    @Test func nothingIsWaitedForUnlessAsked() {
        #expect(RequestQueue().take(waiting: false) == [])
    }

    @Test func closingEndsEverything() {
        let queue = RequestQueue()
        queue.add(request(1))
        queue.close()
        #expect(queue.take(waiting: false) == nil && queue.take(waiting: true) == nil)
    }
}
