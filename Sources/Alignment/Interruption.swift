import Dispatch
import Foundation

/// Remembers that the user or the system asked the run to end.
public final class Interruption: @unchecked Sendable {  // the flag is guarded by the lock
    private let lock = NSLock()
    private var requested = false
    private var sources: [any DispatchSourceSignal] = []
    private static let signals = [SIGINT, SIGTERM]

    public init() {}

    /// The signals end the process again.
    deinit {
        if !sources.isEmpty { for number in Self.signals { signal(number, SIG_DFL) } }
    }

    /// Whether an end was asked for.
    public var isRequested: Bool { lock.withLock { requested } }

    /// Asks for an end after the step at work.
    public func request() { lock.withLock { requested = true } }

    /// Turns SIGINT and SIGTERM into requests; a second one ends the process at once.
    public func watchSignals() {
        for number in Self.signals {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in
                guard let self else { return }
                if self.isRequested { _exit(128 + number) }
                self.request()
            }
            source.resume()
            sources.append(source)
        }
    }
}
