import Feedback
import Testing

@testable import Workbench

struct LoginThrottleTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func limits() -> LoginThrottle.Limits {
        LoginThrottle.Limits(
            freeByName: 2, freeByAddress: 4, longestWait: 8, memory: 100, entries: 6)
    }

    /// The seconds to wait; nil when the attempt may be made.
    private func attempt(
        _ throttle: LoginThrottle, _ name: String, _ address: String, after seconds: Double
    ) async -> Int? {
        do {
            try await throttle.begin(
                name: name, address: address, at: start.advanced(bySeconds: seconds))
            return nil
        } catch {
            return error.retryAfter
        }
    }

    @Test func everyFailureDoublesTheWait() async {
        let throttle = LoginThrottle(limits: limits())
        #expect(await attempt(throttle, "ada", "a", after: 0) == nil)
        #expect(await attempt(throttle, "ada", "b", after: 0) == nil)
        // Two failures: 2^0 = 1 second.
        #expect(await attempt(throttle, "ADA ", "c", after: 0) == 1)
        #expect(await attempt(throttle, "ada", "c", after: 1) == nil)
        // Three: 2 seconds, from the last attempt on.
        #expect(await attempt(throttle, "ada", "d", after: 2) == 1)
        #expect(await attempt(throttle, "ada", "d", after: 3) == nil)
        #expect(await attempt(throttle, "eve", "d", after: 3) == nil)
    }

    @Test func theWaitHasALimit() async {
        let throttle = LoginThrottle(limits: limits())
        for minute in 0..<8 {
            _ = await attempt(throttle, "ada", "\(minute)", after: Double(minute) * 10)
        }
        #expect(await attempt(throttle, "ada", "z", after: 70) == 8)
    }

    @Test func addressesAreCountedAsWell() async {
        let throttle = LoginThrottle(limits: limits())
        for name in ["a", "b", "c", "d"] {
            #expect(await attempt(throttle, name, "here", after: 0) == nil)
        }
        #expect(await attempt(throttle, "e", "here", after: 0) == 1)
        #expect(await attempt(throttle, "e", "there", after: 0) == nil)
    }

    @Test func successForgetsTheName() async {
        let throttle = LoginThrottle(limits: limits())
        for _ in 0..<2 { _ = await attempt(throttle, "ada", "a", after: 0) }
        await throttle.succeed(name: "ada", address: "a")
        #expect(await attempt(throttle, "ada", "a", after: 0) == nil)
    }

    @Test func oldFailuresAreForgotten() async {
        let throttle = LoginThrottle(limits: limits())
        for _ in 0..<2 { _ = await attempt(throttle, "ada", "a", after: 0) }
        #expect(await attempt(throttle, "ada", "a", after: 101) == nil)
    }
}
