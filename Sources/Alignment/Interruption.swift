import Foundation

/// Remembers that the user or the system asked the run to end.
///
/// A plain signal handler counts: Dispatch's signal sources lose signals where the thread that
/// registers them is not the main thread, which happens on machines with one core.
public final class Interruption: @unchecked Sendable {  // the flag is guarded by the lock
    private let lock = NSLock()
    private var requested = false
    /// How many signals had come when it began to watch; nil when it does not.
    private var before: sig_atomic_t?
    private static let signals = [SIGINT, SIGTERM]

    public init() {}

    /// The signals end the process again.
    deinit {
        if before != nil { for number in Self.signals { signal(number, SIG_DFL) } }
    }

    /// Whether an end was asked for.
    public var isRequested: Bool {
        lock.withLock { requested || before.map { SignalCount.value > $0 } ?? false }
    }

    /// Asks for an end after the step at work.
    public func request() { lock.withLock { requested = true } }

    /// Turns SIGINT and SIGTERM into requests; a second one ends the process at once.
    public func watchSignals() {
        lock.withLock { before = SignalCount.value }
        SignalCount.limit = SignalCount.value + 1
        for number in Self.signals { signal(number, SignalCount.handler) }
    }
}

/// The signals that came. Only words that a handler may touch: no lock, no allocation.
private enum SignalCount {
    /// Words of C's for signal handlers, which are written whole.
    nonisolated(unsafe) private static let words: UnsafeMutablePointer<sig_atomic_t> = {
        let words = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 2)
        words.initialize(repeating: 0, count: 2)
        return words
    }()

    static var value: sig_atomic_t { words[0] }

    /// The count above which a signal ends the process.
    static var limit: sig_atomic_t {
        get { words[1] }
        set { words[1] = newValue }
    }

    static let handler: @convention(c) (Int32) -> Void = { number in
        words[0] += 1
        if value > limit { _exit(128 + number) }
    }
}
