import Foundation

/// A moment in UTC to the millisecond; as text ISO 8601 (`2026-11-21T18:30:00.125Z`), which sorts
/// as the moments do.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Since the start of 1970.
    package let milliseconds: Int64

    /// The moment so many milliseconds after the start of 1970.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The millisecond in which a date lies.
    package init(_ date: Date) {
        milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
    }

    /// Reads ISO 8601 with milliseconds and `Z`; nil for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 4, parts[1].last == "Z",
            let fraction = Int64(parts[1].prefix(3)), fraction >= 0,
            let date = try? Date(parts[0] + "Z", strategy: .iso8601)
        else { return nil }
        self.init(milliseconds: Int64(date.timeIntervalSince1970) * 1000 + fraction)
        guard self.text == text else { return nil }
    }

    /// The present moment.
    package static var now: Timestamp { Timestamp(Date()) }

    /// ISO 8601 with milliseconds, in UTC.
    package var text: String {
        let (seconds, fraction) = milliseconds.flooredQuotientAndRemainder(by: 1000)
        let digits = String(fraction + 1000).dropFirst()
        let date = Date(timeIntervalSince1970: TimeInterval(seconds))
        return date.formatted(.iso8601).dropLast() + ".\(digits)Z"
    }

    /// The day in UTC, as `2026-11-21`.
    package var day: String { String(text.prefix(10)) }

    /// How many seconds lie between an earlier moment and this one.
    package func seconds(since earlier: Timestamp) -> Double {
        Double(milliseconds - earlier.milliseconds) / 1000
    }

    /// This moment so many seconds later.
    package func advanced(bySeconds seconds: Double) -> Timestamp {
        Timestamp(milliseconds: milliseconds + Int64((seconds * 1000).rounded()))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an ISO 8601 time with milliseconds")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Int64 {
    fileprivate func flooredQuotientAndRemainder(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
