import Foundation

/// A value that several tasks change, one after the other. `Synchronization.Mutex` needs macOS 15,
/// the package macOS 14.
public final class Locked<Value: Sendable>: @unchecked Sendable {
    // Unchecked: every access holds the lock.
    private let lock = NSLock()
    private var value: Value

    public init(_ value: Value) {
        self.value = value
    }

    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
