/// The counts that BLEU is made of. They add up: a corpus' are the sum of its sentences'.
public struct BLEUStatistics: Sendable, Hashable {
    /// The longest n-gram that counts.
    public static let maximumOrder = 4

    /// For each order from 1: n-grams of the hypothesis that a reference has too, each as often as
    /// the reference that has it most often.
    public var matches: [Int]
    /// For each order from 1: n-grams of the hypothesis.
    public var totals: [Int]
    /// Tokens of the hypothesis.
    public var hypothesisLength: Int
    /// Tokens of the reference whose length is closest to the hypothesis'; of two, the shorter.
    public var referenceLength: Int

    /// Those of no text at all.
    public init() {
        matches = Array(repeating: 0, count: Self.maximumOrder)
        totals = matches
        (hypothesisLength, referenceLength) = (0, 0)
    }

    /// Counts one text against its references, in time linear in their lengths. Tokens are those of
    /// mteval's version 13a, case kept; traps without references.
    public init(hypothesis: String, references: [String]) {
        precondition(!references.isEmpty, "no reference")
        self.init()
        var vocabulary = Vocabulary()
        let texts = ([hypothesis] + references).map { text in
            Tokenizer13a.tokens(of: text).map { vocabulary.id(of: $0) }
        }
        hypothesisLength = texts[0].count
        referenceLength = Self.closest(to: texts[0].count, among: texts[1...].map(\.count))
        var grams = NGrams(texts: texts)
        for order in 0..<Self.maximumOrder {
            if order > 0 { grams.lengthen() }
            matches[order] = grams.matches
            totals[order] = grams.ids[0].count
        }
    }

    /// Adds the counts of another text.
    public static func += (sum: inout Self, other: Self) {
        for order in 0..<maximumOrder {
            sum.matches[order] += other.matches[order]
            sum.totals[order] += other.totals[order]
        }
        sum.hypothesisLength += other.hypothesisLength
        sum.referenceLength += other.referenceLength
    }

    private static func closest(to length: Int, among lengths: [Int]) -> Int {
        lengths.min { (abs($0 - length), $0) < (abs($1 - length), $1) } ?? 0
    }
}
