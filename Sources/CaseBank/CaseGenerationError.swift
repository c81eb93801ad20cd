/// Why cases could not be generated.
public enum CaseGenerationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The split holds fewer different cases than were asked for.
    case tooManyRequested(split: CaseSplit, requested: Int, available: Int)
    case negativeCount(Int)
    /// So many options cannot be offered; `allowed` tells the range.
    case optionCount(Int, allowed: ClosedRange<Int>)

    public var description: String {
        switch self {
        case .tooManyRequested(let split, let requested, let available):
            "case bank: \(requested) \(split.rawValue) cases requested, \(available) exist"
        case .negativeCount(let count):
            "case bank: the number of cases is negative (\(count))"
        case .optionCount(let count, let allowed):
            "case bank: \(count) options requested, "
                + "\(allowed.lowerBound) to \(allowed.upperBound) are possible"
        }
    }
}
