import Foundation

/// McNemar's test that two systems are equally often right, from the items they disagree on.
///
/// All p values are two-sided and 1 where nothing is discordant.
///
/// Source: McNemar (1947); Edwards (1948) for the continuity correction; Fagerland, Lydersen and
/// Laake, "The McNemar test for binary matched-pairs data" (2013), for the mid-p version.
public struct McNemar: Codable, Sendable, Hashable {
    /// From the binomial distribution: never too small, often too large.
    public let exactP: Double
    /// The exact test less half the observed table's probability on each side.
    public let midP: Double
    /// (|b - c| - 1)^2 / (b + c), not below zero.
    public let chiSquare: Double
    /// The p value of `chiSquare`, with one degree of freedom.
    public let chiSquareP: Double

    public init(_ outcomes: PairedOutcomes) {
        let (b, c) = (outcomes.onlyFirstRight, outcomes.onlySecondRight)
        guard b + c > 0 else {
            (exactP, midP, chiSquare, chiSquareP) = (1, 1, 0, 1)
            return
        }
        let tail = lowerTail(upTo: min(b, c), ofFairTrials: b + c)
        exactP = min(1, 2 * tail.cumulative)
        midP = min(1, 2 * tail.cumulative - tail.last)
        let excess = max(0, Double(abs(b - c) - 1))
        chiSquare = excess * excess / Double(b + c)
        chiSquareP = erfc((chiSquare / 2).squareRoot())
    }
}

/// P(X <= k) and P(X = k) of X ~ Binomial(n, 1/2), for k <= n/2 and n > 0.
///
/// Summed downwards from k by p(i-1) = p(i) * i / (n-i+1), so that small tails keep their digits.
private func lowerTail(upTo k: Int, ofFairTrials n: Int) -> (cumulative: Double, last: Double) {
    let logarithm =
        lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
        - Double(n) * 0.693147180559945309417
    let last = exp(logarithm)
    var term = last
    var cumulative = last
    var i = k
    while i > 0, term > cumulative * 1e-18 {
        term *= Double(i) / Double(n - i + 1)
        cumulative += term
        i -= 1
    }
    return (cumulative, last)
}
