/// The mean of a sample and how far it may be from the truth.
public struct MeanEstimate: Codable, Sendable, Hashable {
    public let count: Int
    public let mean: Double
    /// The sample's standard deviation (over n - 1) over the root of n; 0 for a single value.
    public let standardError: Double

    /// Nil for an empty sample.
    public init?(_ sample: [Double]) {
        guard !sample.isEmpty else { return nil }
        let n = Double(sample.count)
        let mean = sample.reduce(0, +) / n
        let squares = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        count = sample.count
        self.mean = mean
        standardError = sample.count == 1 ? 0 : (squares / (n - 1) / n).squareRoot()
    }
}
