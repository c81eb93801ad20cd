/// A closed interval of the real line, as a 95 % interval is reported.
public struct Interval: Codable, Sendable, Hashable {
    public var lower: Double
    public var upper: Double

    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// Whether `value` lies inside, the ends included.
    public func contains(_ value: Double) -> Bool {
        lower <= value && value <= upper
    }
}
