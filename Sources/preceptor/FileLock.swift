import Foundation

/// A file that is written at its end, and that one owner holds at a time: this process and the
/// children that have it as a stream. The system releases it when the last of them is gone.
final class FileLock {
    let descriptor: Int32

    init(_ url: URL) throws {
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    deinit { close(descriptor) }

    /// Waits for earlier owners to end; false when they did not within this time.
    func take(seconds: Double) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if ContinuousClock.now >= end { return false }
            usleep(100_000)
        }
        return true
    }
}
