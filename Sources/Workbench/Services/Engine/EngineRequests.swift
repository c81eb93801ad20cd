import Records

/// Requests that wait to be sent, and those that the process is computing.
struct EngineRequests {
    /// Requests that the process has at once at most.
    private let limit: Int
    private var waiting: [EngineTask] = []
    /// In the order in which they were sent.
    private var atWork: [EngineTask] = []

    init(limit: Int) { self.limit = limit }

    /// Whether the process has something to compute.
    var isBusy: Bool { !atWork.isEmpty }

    mutating func add(
        _ request: EngineRequest,
        _ replies: AsyncThrowingStream<EngineReply, any Error>.Continuation
    ) {
        waiting.append(EngineTask(request: request, replies: replies))
    }

    /// The next request to be sent, which is at work from now on; nil when none waits or the
    /// process has enough to do.
    mutating func next() -> EngineRequest? {
        guard let task = waiting.first, atWork.count < limit else { return nil }
        let isAlone = task.isSuspect || atWork.contains(where: \.isSuspect)
        guard atWork.isEmpty || !isAlone else { return nil }
        atWork.append(waiting.removeFirst())
        return task.request
    }

    /// Forgets a request that nobody waits for any more; whether the process is to be told.
    mutating func cancel(_ id: Int) -> Bool {
        waiting.removeAll { $0.request.id == id }
        guard let place = atWork.firstIndex(where: { $0.request.id == id }) else { return false }
        // It stays until the process has answered `cancelled`.
        atWork[place].isCancelled = true
        return true
    }

    /// Hands over a reply; whether it was the last of its request.
    mutating func take(_ reply: EngineReply, of id: Int) -> Bool {
        // What comes late for a request that has ended is nobody's.
        guard let place = atWork.firstIndex(where: { $0.request.id == id }) else { return false }
        atWork[place].wasTold = true
        let replies = atWork[place].replies
        replies.yield(reply)
        guard reply.isLast else { return false }
        atWork.remove(at: place)
        switch reply {
        case .cancelled: replies.finish(throwing: EngineError.cancelled)
        case .error(let message): replies.finish(throwing: EngineError.refused(message: message))
        default: replies.finish()
        }
        return true
    }

    /// Ends a request that was sent, or was about to be.
    mutating func fail(_ id: Int, _ error: EngineError) {
        guard let place = atWork.firstIndex(where: { $0.request.id == id }) else { return }
        atWork.remove(at: place).replies.finish(throwing: error)
    }

    mutating func failAll(_ error: EngineError) {
        for task in atWork + waiting { task.replies.finish(throwing: error) }
        (atWork, waiting) = ([], [])
    }

    /// The process has ended. A request that it computed alone fails; of several, those that were
    /// told something fail, as nothing may be told twice, and the others are computed once more,
    /// each alone, so that the one of which it ends fails and the others do not.
    mutating func processEnded(_ error: EngineError) {
        let isAlone = atWork.count == 1
        var again: [EngineTask] = []
        for var task in atWork where !task.isCancelled {
            if isAlone || task.wasTold {
                task.replies.finish(throwing: error)
            } else {
                task.isSuspect = true
                again.append(task)
            }
        }
        (atWork, waiting) = ([], again + waiting)
    }
}

/// A request and who waits for it.
private struct EngineTask {
    let request: EngineRequest
    let replies: AsyncThrowingStream<EngineReply, any Error>.Continuation
    var isCancelled = false
    /// Whether part of its answer has come.
    var wasTold = false
    /// Whether a process ended while it computed this one among others.
    var isSuspect = false
}
