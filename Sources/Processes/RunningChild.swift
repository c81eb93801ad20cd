import Foundation
import Subprocess
import Synchronization

/// A child that the thread which has started it waits for.
///
/// swift-subprocess waits in tasks. A training and a study are a thread each, which must not wait
/// for the threads that tasks share: all of them may be waiting as it is. The child is therefore
/// started by tasks with a queue of their own, and is not collected before its end has been seen
/// here, so that its number stays its own.
package final class RunningChild: Sendable {
    private let process: Int32
    private let report: MemoryReport
    private let ending = Mutex<ChildEnding?>(nil)
    /// Ends what keeps the child from being collected.
    private let hold: AsyncStream<Never>.Continuation

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - input: the open file that is its standard input; nothing where nil. The files stay open
    ///     here.
    ///   - output: the same for its standard output, which is discarded where nil.
    ///   - errors: the same for its standard error.
    package init(
        _ program: ChildProgram, input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil
    ) throws(ChildError) {
        let report = MemoryReport()
        let (held, hold) = AsyncStream.makeStream(of: Never.self)
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        let start = Start()
        Task(executorPreference: ChildQueue.shared) {
            defer { _ = report.take() }
            do {
                _ = try await Subprocess.run(
                    program.configuration(report),
                    input: .fileDescriptor(
                        .init(rawValue: input ?? nothing), closeAfterSpawningProcess: false),
                    output: .fileDescriptor(
                        .init(rawValue: output ?? nothing), closeAfterSpawningProcess: false),
                    error: .fileDescriptor(
                        .init(rawValue: errors ?? nothing), closeAfterSpawningProcess: false)
                ) { child in
                    start.end(with: .success(child.processIdentifier.value))
                    for await _ in held {}
                }
            } catch {
                start.end(with: .failure(ChildError(program: program.program, reason: "\(error)")))
            }
        }
        process = try start.wait()
        (self.report, self.hold) = (report, hold)
    }

    deinit {
        endAtOnce()
        hold.finish()
    }

    /// Passes SIGINT, SIGTERM or SIGHUP on to the program.
    package func send(_ signal: Int32) {
        ending.withLock { ending in
            if ending == nil { kill(process, signal) }
        }
    }

    /// Kills the program.
    package func endAtOnce() { send(Signal.endAtOnce.rawValue) }

    /// Waits for its end; nil where it is still at work after so long.
    package func wait(for limit: Duration) -> ChildEnding? {
        let deadline = ContinuousClock.now + limit
        var pause: UInt32 = 500
        while true {
            if let ending = poll() { return ending }
            if .now >= deadline { return nil }
            usleep(pause)
            pause = min(2 * pause, 50_000)
        }
    }

    private func poll() -> ChildEnding? {
        ending.withLock { ending in
            if ending == nil, let status = TerminationStatus(ofEnded: process) {
                ending = ChildEnding(
                    status: status, stderrTail: "", peakMemoryBytes: report.take())
                hold.finish()
            }
            return ending
        }
    }
}

/// A process number, or why there is none, handed from a task to the thread that waits for it.
private final class Start: Sendable {
    private let result = Mutex<Result<Int32, ChildError>?>(nil)
    private let hasResult = DispatchSemaphore(value: 0)

    func end(with result: Result<Int32, ChildError>) {
        self.result.withLock { $0 = $0 ?? result }
        hasResult.signal()
    }

    func wait() throws(ChildError) -> Int32 {
        hasResult.wait()
        guard let result = result.withLock({ $0 }) else {
            preconditionFailure("a start without a result")
        }
        return try result.get()
    }
}

/// Runs the tasks that start children and collect them, and nothing else.
private final class ChildQueue: TaskExecutor {
    static let shared = ChildQueue()

    private let queue = DispatchQueue(label: "preceptor.processes")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

extension TerminationStatus {
    /// How a child has ended that is not collected yet; nil while it is at work.
    fileprivate init?(ofEnded process: Int32) {
        var ended = siginfo_t()
        guard waitid(P_PID, id_t(process), &ended, WEXITED | WNOHANG | WNOWAIT) == 0,
            ended.process == process
        else { return nil }
        self = ended.si_code == Int32(CLD_EXITED) ? .exited(ended.status) : .signaled(ended.status)
    }
}

extension siginfo_t {
    fileprivate var process: Int32 {
        #if os(Linux)
            _sifields._sigchld.si_pid
        #else
            si_pid
        #endif
    }

    fileprivate var status: Int32 {
        #if os(Linux)
            _sifields._sigchld.si_status
        #else
            si_status
        #endif
    }
}
