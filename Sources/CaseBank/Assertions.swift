/// What a text says of a condition that it names.
enum Polarity {
    case asserted
    case negated
    /// Named without being claimed: "cannot be excluded", "a history of".
    case hedged
}

/// Negation and hedging around a mention, after NegEx: cues within a few words, inside the clause.
///
/// Chapman and others, "A simple algorithm for identifying negated findings and diseases in
/// discharge summaries", Journal of Biomedical Informatics 34 (2001).
struct AssertionRules {
    private let before: [Cue]
    private let after: [Cue]
    private static let reach = 6

    private struct Cue {
        let words: [String]
        let polarity: Polarity
    }

    init() {
        before = Self.cues(Self.beforeCues)
        after = Self.cues(Self.afterCues)
    }

    /// The polarity of each mention, in order.
    func polarities(of mentions: [Mention], in text: ClinicalText) -> [Polarity] {
        var result: [Polarity] = []
        for (index, mention) in mentions.enumerated() {
            let floor = index > 0 ? mentions[index - 1].range.upperBound : 0
            let ceiling =
                index + 1 < mentions.count
                ? mentions[index + 1].range.lowerBound : text.tokens.count
            let own = polarity(
                left: text.tokens[floor..<mention.range.lowerBound],
                right: text.tokens[mention.range.upperBound..<ceiling]
            )
            let inherits = index > 0 && isAlternative(mentions, index, in: text)
            result.append(own == .asserted && inherits ? result[index - 1] : own)
        }
        return result
    }

    private func polarity(
        left: ArraySlice<ClinicalText.Token>,
        right: ArraySlice<ClinicalText.Token>
    ) -> Polarity {
        fromLeft(left) ?? fromRight(right) ?? .asserted
    }

    private func fromLeft(_ left: ArraySlice<ClinicalText.Token>) -> Polarity? {
        var rest = left
        for _ in 0..<Self.reach {
            guard let last = rest.last, last.kind == .word else { return nil }
            if let cue = before.first(where: { rest.endsWith($0.words) }) { return cue.polarity }
            if Self.leftBreaks.contains(last.word) { return nil }
            rest.removeLast()
        }
        return nil
    }

    private func fromRight(_ right: ArraySlice<ClinicalText.Token>) -> Polarity? {
        var rest = right
        for _ in 0..<Self.reach {
            guard let first = rest.first, first.kind == .word else { return nil }
            if let cue = after.first(where: { rest.startsWith($0.words) }) { return cue.polarity }
            if Self.rightBreaks.contains(first.word) { return nil }
            rest.removeFirst()
        }
        return nil
    }

    /// Whether the mention continues a list of alternatives, as in "not A, B or C".
    private func isAlternative(_ mentions: [Mention], _ index: Int, in text: ClinicalText) -> Bool {
        var seesAlternative = false
        for next in index..<mentions.count {
            let gap = text.tokens[
                mentions[next - 1].range.upperBound..<mentions[next].range.lowerBound
            ]
            guard gap.allSatisfy({ $0.kind == .comma || Self.joiners.contains($0.word) }) else {
                break
            }
            seesAlternative = seesAlternative || gap.contains { ["or", "nor"].contains($0.word) }
        }
        return seesAlternative
    }

    /// Longer cues win over the shorter ones that they hold.
    private static func cues(_ table: [(Polarity, [String])]) -> [Cue] {
        table.flatMap { polarity, phrases in
            phrases.map { Cue(words: ClinicalText($0).words, polarity: polarity) }
        }
        .sorted { $0.words.count > $1.words.count }
    }

    private static let joiners: Set<String> = ["or", "nor", "a", "an", "the"]
    private static let contrasts: Set<String> = [
        "but", "however", "although", "though", "whereas", "while", "because", "since", "so",
        "therefore", "and",
    ]
    private static let leftBreaks = contrasts.union([
        "suggest", "suggests", "suggesting", "indicate", "indicates", "point", "points", "favor",
        "favors", "support", "supports", "make", "makes", "making", "is", "are", "was", "confirms",
    ])
    private static let rightBreaks = contrasts.union(["with", "given", "as", "which", "where"])
}

extension AssertionRules {
    fileprivate static let beforeCues: [(Polarity, [String])] = [
        (
            .negated,
            [
                "not", "no", "without", "nor", "neither", "never", "isn't", "wasn't", "aren't",
                "rule out", "rules out", "ruled out", "ruling out", "exclude", "excludes",
                "excluded", "excluding", "unlikely", "less likely", "more likely than",
                "rather than", "instead of", "as opposed to", "negative for", "against", "denies",
                "absence of", "lack of", "cannot be", "can't be", "not suggest",
                "doesn't suggest", "not support", "doesn't support", "not indicate",
                "doesn't indicate", "not point to", "no evidence of", "not consistent with",
                "inconsistent with", "incompatible with",
            ]
        ),
        (.asserted, ["no doubt", "without doubt", "not only", "not just", "less likely than"]),
        (
            .hedged,
            [
                "cannot rule out", "can't rule out", "can not rule out", "not rule out",
                "not ruled out", "cannot exclude", "can't exclude", "not exclude",
                "not excluded", "history of", "risk of", "differential includes",
                "differential diagnosis includes", "differentials include", "mimic", "mimics",
                "mimicking", "resembles", "resembling",
            ]
        ),
    ]

    fileprivate static let afterCues: [(Polarity, [String])] = [
        (
            .negated,
            [
                "unlikely", "less likely", "not likely", "improbable", "excluded", "ruled out",
                "absent", "is not", "was not", "isn't", "wasn't", "not present", "not supported",
                "does not fit", "doesn't fit", "does not explain", "doesn't explain",
            ]
        ),
        (
            .hedged,
            [
                "cannot be excluded", "can't be excluded", "cannot be ruled out",
                "can't be ruled out", "can not be excluded", "can not be ruled out",
                "not excluded", "not ruled out", "is not excluded", "is not ruled out",
                "not been excluded", "not been ruled out", "must be excluded",
                "must be ruled out", "should be excluded", "should be ruled out",
            ]
        ),
    ]
}
