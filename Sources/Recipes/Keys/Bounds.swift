/// The numbers that a key may have.
public struct Bounds: Sendable, Hashable {
    /// An end of the range.
    public enum End: Sendable, Hashable {
        case including(Double)
        case excluding(Double)
    }

    /// nil where any smaller number will do.
    public let lower: End?
    /// nil where any greater number will do.
    public let upper: End?
    /// A number outside the range that stands for something else.
    public let exception: Double?
    /// What a value must be, as an error says it: `must be above 0`.
    public let text: String
    /// Whether an error tells the value too.
    public let tellsValue: Bool

    package init(
        from lower: End? = nil, to upper: End? = nil, or exception: Double? = nil,
        _ text: String, tellsValue: Bool = false
    ) {
        (self.lower, self.upper, self.exception) = (lower, upper, exception)
        (self.text, self.tellsValue) = (text, tellsValue)
    }

    /// Whether a value may stand; no bounds hold a number that is none.
    public func contains(_ value: Double) -> Bool {
        if value == exception { return true }
        let isAbove =
            switch lower {
            case .including(let end): value >= end
            case .excluding(let end): value > end
            case nil: true
            }
        let isBelow =
            switch upper {
            case .including(let end): value <= end
            case .excluding(let end): value < end
            case nil: true
            }
        return isAbove && isBelow
    }
}

extension Bounds {
    /// Products of two counts still fit an integer.
    private static let most = 1_000_000_000

    /// Integers of a range.
    package static func integers(_ range: ClosedRange<Int>) -> Bounds {
        Bounds(
            from: .including(Double(range.lowerBound)), to: .including(Double(range.upperBound)),
            "must be in \(range.lowerBound)...\(range.upperBound)")
    }

    /// How many there are, of which there is one at least.
    package static let count = integers(1...most)
    /// How many there are, or 0 for none.
    package static let countOrNone = integers(0...most)
    /// How many there are, or -1 for as many as something else says.
    package static let countOrMinusOne = Bounds(
        from: .including(1), to: .including(Double(most)), or: -1,
        "must be in 1...\(most), or -1")

    package static let aboveZero = Bounds(from: .excluding(0), "must be above 0")
    package static let oneOrMore = Bounds(from: .including(1), "must be 1 or more")
    package static let zeroOrMore = Bounds(from: .including(0), "must be 0 or more")
    /// From 0 to 1.
    package static let share = Bounds(from: .including(0), to: .including(1), "must be in [0, 1]")
    /// From 0 to less than 1.
    package static let shareBelowOne = Bounds(
        from: .including(0), to: .excluding(1), "must be in [0, 1)")

    /// A number above 0, whose errors say more.
    package static func aboveZero(saying text: String) -> Bounds {
        Bounds(from: .excluding(0), text)
    }

    /// A count of one at least, whose errors say something else.
    package static func count(saying text: String) -> Bounds {
        Bounds(from: .including(1), to: .including(Double(most)), text)
    }

    /// One number only, and why.
    package static func only(_ value: Int, _ reason: String) -> Bounds {
        Bounds(
            from: .including(Double(value)), to: .including(Double(value)),
            "must be \(value): \(reason)")
    }
}
