/// How often a system is right, beside controls that answered the same items without what it is
/// meant to use: what it has over the best of them.
///
/// The best control is found anew in each resample. The largest of several noisy shares is on
/// average above the largest true one, so the gain errs on the low side.
public struct ControlledAccuracy: Sendable, Hashable {
    /// Number of items.
    public let count: Int
    /// The system's share of right answers; 0 without items.
    public let accuracy: Double
    /// Each control's share, in the order they were given.
    public let controls: [Double]
    /// Of each item, bit 0 for the system and bit k for control k - 1: who is right.
    private let patterns: [Int]

    /// Outcomes of the same items in the same order; traps on unequal lengths.
    ///
    /// - Parameter controls: one list of outcomes for each control, eight at most.
    public init(_ outcomes: [Bool], controls: [[Bool]]) {
        precondition(controls.count <= 8, "\(controls.count) controls")
        precondition(
            controls.allSatisfy { $0.count == outcomes.count }, "outcomes of unequal length")
        let all = [outcomes] + controls
        patterns = outcomes.indices.map { item in
            all.indices.reduce(0) { $0 | (all[$1][item] ? 1 << $1 : 0) }
        }
        count = outcomes.count
        let shares = Self.shares(Self.histogram(patterns, systems: all.count), count: count)
        accuracy = shares[0]
        self.controls = Array(shares.dropFirst())
    }

    /// Accuracy less that of the best control; nil without controls or items.
    public var gain: Double? {
        count == 0 ? nil : controls.max().map { accuracy - $0 }
    }

    /// The 95 % percentile-bootstrap interval of `gain`, resampling items and so keeping the
    /// pairing; nil where there is no gain, [-1, 1] for a single item.
    ///
    /// - Parameter clusters: what is resampled in the items' place; [-1, 1] for a single one.
    public func bootstrapInterval(
        clusters: Clusters? = nil, resamples: Int = 10_000, seed: UInt64 = 0
    ) -> Interval? {
        guard gain != nil else { return nil }
        let unknown = Interval(lower: -1, upper: 1)
        if let clusters {
            return clusters.interval(resamples: resamples, seed: seed, statistic: gain) ?? unknown
        }
        guard count > 1 else { return unknown }
        return Statistics.bootstrapInterval(
            itemCount: count, resamples: resamples, seed: seed, statistic: gain)
    }

    /// The gain of these items, each as often as it stands here.
    private func gain(_ drawn: [Int]) -> Double? {
        var histogram = [Int](repeating: 0, count: 1 << (controls.count + 1))
        for item in drawn { histogram[patterns[item]] += 1 }
        let shares = Self.shares(histogram, count: drawn.count)
        return shares.dropFirst().max().map { shares[0] - $0 }
    }

    private static func histogram(_ patterns: [Int], systems: Int) -> [Int] {
        patterns.reduce(into: [Int](repeating: 0, count: 1 << systems)) { $0[$1] += 1 }
    }

    /// The share of each system from how often each pattern occurs.
    private static func shares(_ histogram: [Int], count: Int) -> [Double] {
        let systems = histogram.count.trailingZeroBitCount
        return (0..<systems).map { system in
            let right = histogram.indices.reduce(0) {
                $0 + ($1 >> system & 1 == 1 ? histogram[$1] : 0)
            }
            return count == 0 ? 0 : Double(right) / Double(count)
        }
    }
}
