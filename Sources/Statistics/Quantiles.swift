/// The quantile of a sample at `probability`, interpolated linearly between order statistics
/// (Hyndman and Fan's type 7, the default of NumPy and R); nil for an empty sample.
///
/// Traps unless `probability` is in [0, 1].
public func quantile(of sample: [Double], at probability: Double) -> Double? {
    quantile(ofSorted: sample.sorted(), at: probability)
}

/// The middle of a sample, or the mean of its two middle values; nil for an empty sample.
public func median(of sample: [Double]) -> Double? {
    quantile(of: sample, at: 0.5)
}

func quantile(ofSorted sample: [Double], at probability: Double) -> Double? {
    precondition(0 <= probability && probability <= 1, "a quantile at \(probability)")
    guard let last = sample.last else { return nil }
    let position = probability * Double(sample.count - 1)
    let index = Int(position)
    guard index + 1 < sample.count else { return last }
    let fraction = position - Double(index)
    return sample[index] + fraction * (sample[index + 1] - sample[index])
}

/// The central 95 % of resampled statistics, of which there is at least one.
func percentileInterval(of resampled: [Double]) -> Interval {
    let sorted = resampled.sorted()
    return Interval(
        lower: quantile(ofSorted: sorted, at: 0.025) ?? .nan,
        upper: quantile(ofSorted: sorted, at: 0.975) ?? .nan
    )
}
