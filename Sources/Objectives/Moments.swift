/// Mean and standard deviation of values of which some may be missing.
public struct Moments: Sendable, Equatable {
    public let mean: Double
    /// That of a sample (n - 1 below the line); nil with fewer than two values.
    public let deviation: Double?

    /// nil where every value is missing.
    public init?(_ values: some Sequence<Double?>) {
        let present = values.compactMap { $0 }
        guard !present.isEmpty else { return nil }
        let mean = present.reduce(0, +) / Double(present.count)
        self.mean = mean
        guard present.count > 1 else {
            deviation = nil
            return
        }
        let squares = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = (squares / Double(present.count - 1)).squareRoot()
    }
}
