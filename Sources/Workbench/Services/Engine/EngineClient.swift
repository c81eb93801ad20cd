import Foundation
import Processes
import Records

/// The engine as a child process, which computes several requests at once.
///
/// What is more than that waits here, not in the process: when it ends, only what it was computing
/// can fail (``EngineRequests``), and the others are computed by the next process. While the process
/// does not start at all, every failed start fails what waits.
package actor EngineClient: Engine {
    private let settings: EngineSettings
    /// What the process is at.
    package private(set) var state = EngineState.starting
    private var supervisor: Task<Void, Never>?
    private var requests: EngineRequests
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
        requests = EngineRequests(limit: settings.requestsAtOnce)
    }

    /// Starts the process and keeps one running until `shutdown`.
    package func start() {
        guard supervisor == nil, state != .stopped else { return }
        supervisor = Task { await supervise() }
    }

    /// Ends the process; what waits fails with `stopped`.
    package func shutdown() async {
        state = .stopped
        requests.failAll(.stopped)
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
        requests.add(request, continuation)
        sendWaiting()
        return stream
    }
}

// MARK: - Requests

extension EngineClient {
    private func sendWaiting() {
        guard let input else { return }
        // Who is at work already is not heard because of what it is asked next.
        if !requests.isBusy { lastHeard = .now }
        while let request = requests.next() {
            guard readsImages || request.operation.images.isEmpty else {
                requests.fail(request.id, .readsNoImages)
                continue
            }
            do {
                input.yield(try Self.line(request))
            } catch {
                requests.fail(request.id, .refused(message: "not a finite number"))
            }
        }
    }

    private func cancel(_ id: Int) {
        guard requests.cancel(id),
            let line = try? Self.line(EngineRequest(id: id, operation: .cancel))
        else { return }
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
            sendWaiting()
        case .reply(let id, let reply):
            guard requests.take(reply, of: id) else { return }
            hasServed = true
            sendWaiting()
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
            requests.processEnded(error)
        } else if case .unavailable = error {
            requests.failAll(error)
        } else {
            requests.failAll(.unavailable(reason: "\(error)"))
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
            let isBusy = requests.isBusy || input == nil
            if isBusy, .now - lastHeard > settings.patience {
                throw .silent(seconds: settings.patience / .seconds(1))
            }
        }
    }
}
