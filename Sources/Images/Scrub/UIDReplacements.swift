/// Other UIDs for those of a run: the same for the same, so that series and references between
/// files hold, and random, so that nobody can go back.
package struct UIDReplacements: Sendable {
    private var known: [String: String] = [:]

    package init() {}

    package var count: Int { known.count }

    /// UIDs of the standard itself stay.
    package mutating func replacement(for uid: String) -> String {
        if uid.isEmpty || uid.hasPrefix("1.2.840.10008.") { return uid }
        if let other = known[uid] { return other }
        let other = Self.random()
        known[uid] = other
        return other
    }

    /// Under 2.25 a whole number below 2^128 (PS3.5 B.2): here one of 38 digits.
    private static func random() -> String {
        let digits = (0..<37).map { _ in String(Int.random(in: 0...9)) }
        return "2.25.\(Int.random(in: 1...9))" + digits.joined()
    }
}
