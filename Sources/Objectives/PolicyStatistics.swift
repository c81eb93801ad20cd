import Torch

/// What was clipped and how far the policy is from its reference; adds up over the micro-batches
/// of a step, however they are cut.
///
/// With token importance tokens are counted, with sequence importance completions.
public struct PolicyStatistics: Sendable, Equatable {
    private var ratios = 0
    private var clippedLow = 0
    private var clippedHigh = 0
    private var divergence: Double?
    private var tokens = 0
    /// Least share of a completion's ratios that was clipped from below (`clip_ratio/low_min`);
    /// nil without completions.
    public private(set) var lowMin: Double?
    /// Largest share of a completion's ratios that was clipped from above (`clip_ratio/high_max`).
    public private(set) var highMax: Double?

    /// Nothing seen.
    public init() {}

    /// - Parameters:
    ///   - ratios: one after another, `lengths` of each completion.
    ///   - advantages: of each completion, [B].
    ///   - range: where a ratio is not clipped.
    ///   - divergence: from the reference, [N].
    init(
        ratios: Tensor, advantages: Tensor, lengths: [Int], range: ClosedRange<Float>,
        divergence: Tensor?, tokens: Int
    ) {
        let values = ratios.values(Float.self)
        var start = 0
        for (length, advantage) in zip(lengths, advantages.values(Float.self)) where length > 0 {
            add(values[start..<start + length], advantage, range)
            start += length
        }
        self.divergence = divergence.map { $0.detached().sum(dtype: .float64).item(Double.self) }
        self.tokens = tokens
    }

    private mutating func add(
        _ values: ArraySlice<Float>, _ advantage: Float, _ range: ClosedRange<Float>
    ) {
        let low = advantage < 0 ? values.count { $0 < range.lowerBound } : 0
        let high = advantage > 0 ? values.count { $0 > range.upperBound } : 0
        ratios += values.count
        clippedLow += low
        clippedHigh += high
        include(Double(low) / Double(values.count), Double(high) / Double(values.count))
    }

    private mutating func include(_ low: Double?, _ high: Double?) {
        lowMin = [lowMin, low].compactMap { $0 }.min()
        highMax = [highMax, high].compactMap { $0 }.max()
    }

    /// Takes in another micro-batch of the same step.
    public mutating func add(_ other: PolicyStatistics) {
        ratios += other.ratios
        clippedLow += other.clippedLow
        clippedHigh += other.clippedHigh
        tokens += other.tokens
        if let more = other.divergence { divergence = (divergence ?? 0) + more }
        include(other.lowMin, other.highMax)
    }

    /// Share clipped from below, where the advantage is negative (`clip_ratio/low_mean`).
    public var lowMean: Double { share(clippedLow) }
    /// Share clipped from above, where it is positive (`clip_ratio/high_mean`; of `cispo` the
    /// `cispo_clip_ratio`).
    public var highMean: Double { share(clippedHigh) }
    /// Share clipped at all (`clip_ratio/region_mean`).
    public var regionMean: Double { share(clippedLow + clippedHigh) }
    /// Mean divergence from the reference a token as it enters the loss (`kl`); nil without one.
    public var meanDivergence: Double? { divergence.map { $0 / Double(max(tokens, 1)) } }

    private func share(_ part: Int) -> Double { Double(part) / Double(max(ratios, 1)) }
}
