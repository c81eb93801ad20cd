import Feedback
import TestSupport

/// A clock that stands still until it is set forward.
final class TestClock: Sendable {
    private let moment = Locked(Timestamp(milliseconds: 1_700_000_000_000))

    var now: Timestamp { moment.withLock { $0 } }

    func advance(bySeconds seconds: Double) {
        moment.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}
