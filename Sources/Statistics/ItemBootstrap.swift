import Randomness

/// What `statistic` gives for resamples of `itemCount` items, which it gets as the indices drawn,
/// with replacement; empty for fewer than two items, which say nothing of their spread.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
func bootstrap<Value>(
    itemCount: Int,
    resamples: Int,
    seed: UInt64,
    statistic: ([Int]) -> Value
) -> [Value] {
    guard itemCount > 1 else { return [] }
    var generator = RandomStream(seed: seed)
    var drawn = [Int](repeating: 0, count: itemCount)
    return (0..<resamples).map { _ in
        for place in drawn.indices { drawn[place] = generator.next(below: itemCount) }
        return statistic(drawn)
    }
}

/// The 95 % percentile interval of a bootstrapped statistic.
///
/// Resamples where the statistic is undefined (nil: all items drawn happen to be rated alike) are
/// left out; nil for fewer than two items and where no resample is defined.
func bootstrapInterval(
    itemCount: Int,
    resamples: Int,
    seed: UInt64,
    statistic: ([Int]) -> Double?
) -> Interval? {
    let values = bootstrap(
        itemCount: itemCount, resamples: resamples, seed: seed, statistic: statistic
    ).compactMap(\.self)
    return values.isEmpty ? nil : percentileInterval(of: values)
}
