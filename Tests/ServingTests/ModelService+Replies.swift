import Records

@testable import Serving

extension ModelService {
    /// All that is told of one request that nobody shares the service with.
    func replies(to operation: EngineRequest.Operation) -> [EngineReply] {
        var events = take(EngineRequest(id: 1, operation: operation))
        while !isIdle { events += turn() }
        return events.replies(to: 1)
    }
}

extension [EngineEvent] {
    func replies(to id: Int) -> [EngineReply] {
        compactMap { event in
            if case .reply(id, let reply) = event { reply } else { nil }
        }
    }
}
