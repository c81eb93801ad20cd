import Randomness

/// So many successes among so many trials: an accuracy and what is known about it.
public struct Proportion: Sendable, Hashable {
    public let successes: Int
    public let count: Int

    /// Traps unless `0 <= successes <= count`.
    public init(successes: Int, of count: Int) {
        precondition(0 <= successes && successes <= count, "\(successes) successes of \(count)")
        self.successes = successes
        self.count = count
    }

    public init(_ outcomes: some Sequence<Bool>) {
        var successes = 0
        var count = 0
        for outcome in outcomes {
            successes += outcome ? 1 : 0
            count += 1
        }
        self.init(successes: successes, of: count)
    }

    /// The share of successes; 0 without trials.
    public var value: Double {
        count == 0 ? 0 : Double(successes) / Double(count)
    }

    /// The 95 % percentile-bootstrap interval of the share; [0, 1] without trials.
    ///
    /// Resampling n outcomes of which k succeeded gives a Binomial(n, k/n) number of successes, so
    /// each resample is one draw of that count. Where all outcomes agree so do all resamples and
    /// the interval is a point; `wilsonInterval` still has a width there.
    ///
    /// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
    public func bootstrapInterval(resamples: Int = 10_000, seed: UInt64 = 0) -> Interval {
        guard count > 0 else { return Interval(lower: 0, upper: 1) }
        let sampler = BinomialSampler(trials: count, probability: value)
        var generator = RandomStream(seed: seed)
        let shares = (0..<resamples).map { _ in
            Double(sampler.draw(using: &generator)) / Double(count)
        }
        return percentileInterval(of: shares)
    }

    /// The 95 % score interval of the share; [0, 1] without trials.
    ///
    /// Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference"
    /// (1927).
    public func wilsonInterval() -> Interval {
        guard count > 0 else { return Interval(lower: 0, upper: 1) }
        let n = Double(count)
        let z2 = normalQuantile975 * normalQuantile975
        let centre = (value + z2 / (2 * n)) / (1 + z2 / n)
        let variance = value * (1 - value) / n + z2 / (4 * n * n)
        let half = normalQuantile975 * variance.squareRoot() / (1 + z2 / n)
        return Interval(lower: max(0, centre - half), upper: min(1, centre + half))
    }
}

/// The 97.5 % quantile of the standard normal distribution.
let normalQuantile975 = 1.959963984540054
