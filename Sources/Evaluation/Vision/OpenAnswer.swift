import Foundation

/// A free answer as it is compared: lower case, without marks, articles and the spaces around
/// them, numbers up to ten as digits.
///
/// The steps are those of VQA's evaluation (Antol et al., 2015), which LLaVA-Med takes over, but
/// for its list of contractions.
public struct OpenAnswer: Sendable, Hashable {
    /// Its words, in order.
    public let words: [String]

    /// An answer from what was written.
    public init(_ text: String) {
        words = TextWords(text).words.filter { !Self.articles.contains($0) }
            .map { Self.digits[$0] ?? $0 }
    }

    /// The words between spaces: equal answers have equal texts.
    public var text: String { words.joined(separator: " ") }

    private static let articles: Set = ["a", "an", "the"]
    private static let digits = [
        "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
        "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    ]
}

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
