import Foundation

/// BLEU (Papineni et al., 2002) as sacrebleu computes it by default: tokenizer 13a, case kept, up
/// to four words, and NIST's smoothing, which halves the credit of each further order without a
/// match ("exp"; Chen and Cherry, 2014, method 3).
public struct BLEUScore: Sendable, Hashable {
    /// From 0 to 100.
    public let score: Double
    /// Smoothed n-gram precisions of orders 1 to 4, in percent.
    public let precisions: [Double]
    /// exp(1 - reference length / hypothesis length) where the hypothesis is shorter, else 1.
    public let brevityPenalty: Double
    /// The counts behind the score.
    public let statistics: BLEUStatistics

    /// Scores counts.
    ///
    /// With `effectiveOrder`, the orders of which the hypotheses have no n-gram do not count: what
    /// single sentences need.
    public init(_ statistics: BLEUStatistics, effectiveOrder: Bool = false) {
        self.statistics = statistics
        brevityPenalty = Self.brevityPenalty(statistics)
        guard statistics.matches.contains(where: { $0 > 0 }) else {
            precisions = statistics.matches.map { _ in 0 }
            score = 0
            return
        }
        let smoothed = Self.smoothed(statistics)
        let missing = BLEUStatistics.maximumOrder - smoothed.count
        precisions = smoothed + Array(repeating: 0, count: missing)
        // An order that counts and has no n-gram makes the geometric mean 0.
        let logarithms = smoothed.reduce(0) { $0 + log($1) } / Double(smoothed.count)
        score = missing > 0 && !effectiveOrder ? 0 : brevityPenalty * exp(logarithms)
    }

    /// A corpus' score, from the summed counts of its texts: `sacrebleu.corpus_bleu`. Each
    /// hypothesis has one or more references; traps on unequal lengths.
    public static func corpus(hypotheses: [String], references: [[String]]) -> BLEUScore {
        precondition(
            hypotheses.count == references.count,
            "\(hypotheses.count) hypotheses, \(references.count) references")
        var sum = BLEUStatistics()
        for (hypothesis, references) in zip(hypotheses, references) {
            sum += BLEUStatistics(hypothesis: hypothesis, references: references)
        }
        return BLEUScore(sum)
    }

    /// A single text's score: `sacrebleu.sentence_bleu`. Traps without references.
    public static func sentence(_ hypothesis: String, references: [String]) -> BLEUScore {
        BLEUScore(
            BLEUStatistics(hypothesis: hypothesis, references: references), effectiveOrder: true)
    }

    private static func brevityPenalty(_ counts: BLEUStatistics) -> Double {
        if counts.hypothesisLength >= counts.referenceLength { return 1 }
        if counts.hypothesisLength == 0 { return 0 }
        return exp(1 - Double(counts.referenceLength) / Double(counts.hypothesisLength))
    }

    /// The precisions of the orders that the hypotheses have n-grams of.
    private static func smoothed(_ counts: BLEUStatistics) -> [Double] {
        var smoothing = 1.0
        return zip(counts.matches, counts.totals).prefix { $0.1 > 0 }.map { matches, total in
            if matches == 0 { smoothing *= 2 }
            let credit = matches == 0 ? 1 / smoothing : Double(matches)
            return 100 * credit / Double(total)
        }
    }
}
