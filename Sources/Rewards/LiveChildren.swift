import Foundation

/// The process groups to end when this process exits, for programs that do not notice that their
/// input was closed.
final class LiveChildren: @unchecked Sendable {  // the set is guarded by the lock
    static let shared = LiveChildren()

    private let lock = NSLock()
    private var groups: Set<pid_t> = []

    private init() {
        atexit { LiveChildren.shared.killAll() }
    }

    func insert(_ group: pid_t) { _ = lock.withLock { groups.insert(group) } }

    func remove(_ group: pid_t) { _ = lock.withLock { groups.remove(group) } }

    private func killAll() {
        for group in lock.withLock({ groups }) { kill(-group, SIGKILL) }
    }
}
