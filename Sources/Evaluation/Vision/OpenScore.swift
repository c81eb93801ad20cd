/// How far a free answer has the words of the right one, as LLaVA-Med counts.
///
/// With c(w) and r(w) the times a word stands in the reply and in the right answer: tp is the sum
/// of c over words that stand in both, fp of c over those of the reply alone, fn of r over those of
/// the right answer alone. LLaVA-Med reports the recall of open questions; a reply of every word
/// there is has a recall of 1, so F1 stands beside it.
///
/// Source: Li et al., "LLaVA-Med" (2023), `eval_metrics/evaluate_metrics.py`, `calculate_f1score`.
public struct OpenScore: Sendable, Hashable, Codable {
    public let f1: Double
    public let precision: Double
    public let recall: Double

    /// A reply against the right answer; all 0 where they share no word.
    public init(_ reply: OpenAnswer, gold: OpenAnswer) {
        let (own, right) = (Self.counts(reply.words), Self.counts(gold.words))
        var (shared, extra, missing) = (0, 0, 0)
        for (word, count) in own {
            if right[word] == nil { extra += count } else { shared += count }
        }
        for (word, count) in right where own[word] == nil { missing += count }
        guard shared > 0 else {
            (f1, precision, recall) = (0, 0, 0)
            return
        }
        precision = Double(shared) / Double(shared + extra)
        recall = Double(shared) / Double(shared + missing)
        f1 = 2 * precision * recall / (precision + recall)
    }

    private static func counts(_ words: [String]) -> [String: Int] {
        words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
