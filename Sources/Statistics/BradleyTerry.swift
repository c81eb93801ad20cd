import Foundation

/// Strengths of systems from comparisons of two at a time.
///
/// The model: i beats j with probability s_i / (s_i + s_j). A tie is half a win for each. The
/// strengths are those of maximum likelihood, found by Zermelo's iteration in Newman's faster form.
///
/// Prior: every system plays one more tie, shared equally among all others, so that one that won or
/// lost everything, or was never compared, has a finite score. Between two systems this is half a
/// win each way, as Jeffreys' prior on the win rate.
///
/// Sources: Bradley and Terry, "Rank analysis of incomplete block designs" (1952); Hunter, "MM
/// algorithms for generalized Bradley-Terry models" (2004); Newman, "Efficient computation of
/// rankings from pairwise comparisons" (2023).
public struct BradleyTerry: Sendable, Hashable {
    /// The natural logarithm of each system's strength; their mean is 0.
    public let scores: [Double]
    private let comparisons: [PairedComparison]

    /// Systems are numbered from 0 to `count` - 1. Traps where a comparison names another system,
    /// or one system twice.
    public init(count: Int, comparisons: [PairedComparison]) {
        for comparison in comparisons {
            precondition(
                comparison.first != comparison.second
                    && min(comparison.first, comparison.second) >= 0
                    && max(comparison.first, comparison.second) < count,
                "systems \(comparison.first) and \(comparison.second) of \(count)")
        }
        self.comparisons = comparisons
        scores = Self.fit(Self.wins(in: comparisons, of: count))
    }

    /// How likely one system is preferred to the other, if there are no ties.
    public func winProbability(of first: Int, over second: Int) -> Double {
        1 / (1 + exp(scores[second] - scores[first]))
    }

    /// The 95 % percentile-bootstrap interval of each score, resampling comparisons; empty for
    /// fewer than two comparisons.
    public func bootstrapIntervals(resamples: Int = 1_000, seed: UInt64 = 0) -> [Interval] {
        let fitted = bootstrap(
            itemCount: comparisons.count, resamples: resamples, seed: seed
        ) { drawn in
            Self.fit(Self.wins(in: drawn.map { comparisons[$0] }, of: scores.count))
        }
        guard !fitted.isEmpty else { return [] }
        return scores.indices.map { system in percentileInterval(of: fitted.map { $0[system] }) }
    }

    /// How often the row's system beat the column's, the prior included.
    private static func wins(
        in comparisons: some Sequence<PairedComparison>,
        of count: Int
    ) -> [[Double]] {
        let prior = count > 1 ? 0.5 / Double(count - 1) : 0
        var wins = [[Double]](
            repeating: [Double](repeating: prior, count: count), count: count)
        for comparison in comparisons {
            wins[comparison.first][comparison.second] += comparison.points
            wins[comparison.second][comparison.first] += 1 - comparison.points
        }
        return wins
    }

    private static let limit = 10_000
    /// The largest change of a score in the last round.
    private static let tolerance = 1e-10

    private static func fit(_ wins: [[Double]]) -> [Double] {
        var strengths = [Double](repeating: 1, count: wins.count)
        for _ in 0..<limit {
            let former = strengths
            for system in strengths.indices {
                strengths[system] = updated(system, strengths: strengths, wins: wins)
            }
            let change = zip(strengths, former).reduce(0) { max($0, abs(log($1.0 / $1.1))) }
            if change < tolerance { break }
        }
        let logs = strengths.map { log($0) }
        let mean = logs.reduce(0, +) / Double(max(logs.count, 1))
        return logs.map { $0 - mean }
    }

    /// Newman's iteration: systems one after the other, each with the strengths found so far.
    private static func updated(_ system: Int, strengths: [Double], wins: [[Double]]) -> Double {
        var (numerator, denominator) = (0.0, 0.0)
        for other in strengths.indices where other != system {
            let sum = strengths[system] + strengths[other]
            numerator += wins[system][other] * strengths[other] / sum
            denominator += wins[other][system] / sum
        }
        return denominator > 0 ? numerator / denominator : strengths[system]
    }
}
