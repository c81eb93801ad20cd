import Feedback
import Foundation
import Web

/// Slows down the guessing of passwords: after a few failures every further one doubles the time
/// until the next attempt, counted by name and by address.
///
/// An attempt is counted as failed when it starts and taken back when it succeeds, so that many at
/// once do not slip through.
actor LoginThrottle {
    /// How many failures cost nothing, and how long the longest wait is.
    struct Limits: Sendable {
        var freeByName = 5
        /// A hospital's people may share one address.
        var freeByAddress = 30
        /// In seconds.
        var longestWait = 900.0
        /// Failures older than this are forgotten, in seconds.
        var memory = 3_600.0
        /// Names and addresses remembered at once.
        var entries = 10_000
    }

    private struct Record {
        var failures: Int
        var last: Timestamp
    }

    private let limits: Limits
    private var records: [String: Record] = [:]

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Counts an attempt.
    ///
    /// - Throws: 429 with the seconds to wait, in which case it is not counted.
    func begin(name: String, address: String, at now: Timestamp) throws(APIError) {
        let keys = Self.keys(name, address)
        let wait = max(
            wait(keys.name, free: limits.freeByName, now),
            wait(keys.address, free: limits.freeByAddress, now))
        guard wait <= 0 else { throw Self.refusal(seconds: Int(wait.rounded(.up))) }
        makeRoom(now)
        for key in [keys.name, keys.address] {
            records[key, default: Record(failures: 0, last: now)].failures += 1
            records[key]?.last = now
        }
    }

    /// Takes back what `begin` counted; the name's failures are forgotten.
    func succeed(name: String, address: String) {
        let keys = Self.keys(name, address)
        records[keys.name] = nil
        records[keys.address]?.failures -= 1
    }

    private func wait(_ key: String, free: Int, _ now: Timestamp) -> Double {
        guard let record = records[key], record.failures >= free,
            now.seconds(since: record.last) < limits.memory
        else { return 0 }
        let seconds = min(limits.longestWait, pow(2, Double(record.failures - free)))
        return seconds - now.seconds(since: record.last)
    }

    private func makeRoom(_ now: Timestamp) {
        records = records.filter { now.seconds(since: $0.value.last) < limits.memory }
        while records.count + 2 > limits.entries,
            let oldest = records.min(by: { $0.value.last < $1.value.last })
        {
            records[oldest.key] = nil
        }
    }

    private static func keys(_ name: String, _ address: String) -> (name: String, address: String) {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        return ("name \(name)", "address \(address)")
    }

    private static func refusal(seconds: Int) -> APIError {
        var error = APIError(
            .tooManyRequests, "throttled",
            "Too many failed attempts. Try again in \(seconds) seconds.")
        error.retryAfter = seconds
        return error
    }
}
