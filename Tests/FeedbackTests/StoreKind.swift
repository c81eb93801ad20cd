import Foundation
import TestSupport

@testable import Feedback

/// The two stores that every test of a repository runs over.
enum StoreKind: CaseIterable {
    case memory, file

    func open(_ clock: TestClock = TestClock()) throws -> FeedbackStore {
        switch self {
        case .memory: return FeedbackStore(try .inMemory(now: clock.read))
        case .file:
            let url = try TestFiles.scratchFolder().appending(path: "workbench.sqlite")
            return FeedbackStore(try .open(url, now: clock.read))
        }
    }
}

/// A clock that moves only when a test says so.
final class TestClock: Sendable {
    private let milliseconds: Locked<Int64>

    /// Starts at noon of 2026-11-21.
    init() {
        milliseconds = Locked(1_795_262_400_000)
    }

    @Sendable func read() -> Timestamp {
        Timestamp(milliseconds: milliseconds.withLock { $0 })
    }

    func advance(seconds: Int64) {
        milliseconds.withLock { $0 += seconds * 1000 }
    }
}
