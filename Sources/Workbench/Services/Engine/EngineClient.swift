import Foundation
import Processes
import Records

/// The engine as a child process, one request at a time.
///
/// Requests wait here, not in the process: when it ends only the request it was computing fails,
/// and the others are computed by the next process. While the process does not start at all,
/// every failed start fails what waits.
package actor EngineClient: Engine {
    private let settings: EngineSettings
    /// What the process is at.
    package private(set) var state = EngineState.starting
    private var supervisor: Task<Void, Never>?
    private var waiting: [EngineTask] = []
    private var atWork: EngineTask?
    /// Takes lines for the process; nil until it is ready.
    private var input: AsyncStream<String>.Continuation?
    /// Whether the present process may be sent images.
    private var readsImages = false
    private var lastHeard = ContinuousClock.now
    /// Whether the present process has finished a request.
    private var hasServed = false
    private var lastID = 0

    package init(_ settings: EngineSettings) {
        self.settings = settings
    }

    /// Starts the process and keeps one running until `shutdown`.
    package func start() {
        guard supervisor == nil, state != .stopped else { return }
        supervisor = Task { await supervise() }
    }

    /// Ends the process; what waits fails with `stopped`.
    package func shutdown() async {
        state = .stopped
        failAll(.stopped)
        input?.finish()
        let supervisor = supervisor
        let grace = settings.grace
        let limit = Task {
            try await Task.sleep(for: grace)
            supervisor?.cancel()
        }
        if case .none = input { supervisor?.cancel() }
        await supervisor?.value
        limit.cancel()
    }

    package func events(
        _ operation: EngineRequest.Operation
    ) -> AsyncThrowingStream<EngineReply, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: EngineReply.self)
        guard state != .stopped else {
            continuation.finish(throwing: EngineError.stopped)
            return stream
        }
        lastID += 1
        let request = EngineRequest(id: lastID, operation: operation)
        continuation.onTermination = { [weak self] reason in
            guard case .cancelled = reason else { return }
            Task { await self?.cancel(request.id) }
        }
        waiting.append(EngineTask(request: request, replies: continuation))
        sendNext()
        return stream
    }
}

// MARK: - Requests

extension EngineClient {
    private func sendNext() {
        guard atWork == nil, let input, !waiting.isEmpty else { return }
        let task = waiting.removeFirst()
        guard readsImages || task.request.operation.images.isEmpty else {
            task.replies.finish(throwing: EngineError.readsNoImages)
            return sendNext()
        }
        do {
            input.yield(try Self.line(task.request))
            atWork = task
            lastHeard = .now
        } catch {
            task.replies.finish(throwing: EngineError.refused(message: "not a finite number"))
            sendNext()
        }
    }

    private func cancel(_ id: Int) {
        waiting.removeAll { $0.request.id == id }
        guard atWork?.request.id == id,
            let line = try? Self.line(EngineRequest(id: id, operation: .cancel))
        else { return }
        // The next request is sent when the process has answered `cancelled`.
        input?.yield(line)
    }

    private static func line(_ request: EngineRequest) throws -> String {
        String(decoding: try JSONEncoder.line.encode(request), as: UTF8.self)
    }

    private func receive(
        _ line: String, for input: AsyncStream<String>.Continuation
    ) throws(EngineError) {
        lastHeard = .now
        switch try Self.event(line) {
        case .ready(let model, let readsImages):
            guard state != .stopped else { return }
            state = .ready(model: model)
            self.readsImages = readsImages
            self.input = input
            sendNext()
        case .reply(let id, let reply): take(reply, of: id)
        case .refused(let message): throw .garbled(reason: "it did not understand: \(message)")
        }
    }

    private static func event(_ line: String) throws(EngineError) -> EngineEvent {
        do {
            return try JSONDecoder().decode(EngineEvent.self, from: Data(line.utf8))
        } catch {
            throw .garbled(reason: "a line of \(line.utf8.count) bytes")
        }
    }

    private func take(_ reply: EngineReply, of id: Int) {
        // What comes late for a request that has ended is nobody's.
        guard let task = atWork, task.request.id == id else { return }
        task.replies.yield(reply)
        guard reply.isLast else { return }
        switch reply {
        case .cancelled: task.replies.finish(throwing: EngineError.cancelled)
        case .error(let message):
            task.replies.finish(throwing: EngineError.refused(message: message))
        default: task.replies.finish()
        }
        hasServed = true
        atWork = nil
        sendNext()
    }

    private func failAll(_ error: EngineError) {
        let tasks = [atWork].compactMap(\.self) + waiting
        (atWork, waiting) = (nil, [])
        for task in tasks { task.replies.finish(throwing: error) }
    }
}

// MARK: - The process

extension EngineClient {
    private func supervise() async {
        var delay = settings.restartDelay
        while state != .stopped, !Task.isCancelled {
            state = .starting
            hasServed = false
            let reason = await runProcess()
            let wasReady = input != nil
            input = nil
            guard state != .stopped else { break }
            lose(reason, wasReady: wasReady)
            if hasServed { delay = settings.restartDelay }
            try? await Task.sleep(for: delay)
            delay = min(delay * 2, settings.longestRestartDelay)
        }
    }

    /// Fails what the process that ended was to answer.
    private func lose(_ error: EngineError, wasReady: Bool) {
        state = .restarting(reason: "\(error)")
        if wasReady {
            atWork?.replies.finish(throwing: error)
            atWork = nil
        } else if case .unavailable = error {
            failAll(error)
        } else {
            failAll(.unavailable(reason: "\(error)"))
        }
    }

    /// Runs one process to its end and tells why it ended.
    private func runProcess() async -> EngineError {
        let (lines, input) = AsyncStream.makeStream(of: String.self)
        defer { input.finish() }
        lastHeard = .now
        let child = ChildProgram(
            program: settings.program, arguments: settings.arguments, niceness: settings.niceness,
            grace: settings.grace)
        do {
            let ending = try await child.run(
                input: lines,
                output: { [weak self] in try await self?.receive($0, for: input) },
                watch: { [weak self] in try await self?.watch() })
            return .ended(reason: "\(ending)")
        } catch let error as ChildError {
            return .unavailable(reason: "\(error)")
        } catch {
            return EngineError(error)
        }
    }

    /// Throws when the process has been silent for too long; returns when cancelled.
    private func watch() async throws(EngineError) {
        while true {
            do {
                try await Task.sleep(for: settings.patience / 4)
            } catch {
                return
            }
            let isBusy = atWork != nil || input == nil
            if isBusy, .now - lastHeard > settings.patience {
                throw .silent(seconds: settings.patience / .seconds(1))
            }
        }
    }
}

/// A request and who waits for it.
private struct EngineTask {
    let request: EngineRequest
    let replies: AsyncThrowingStream<EngineReply, any Error>.Continuation
}
