/// What a free text concludes.
public enum DiagnosisVerdict: Sendable, Hashable {
    /// The text claims this condition (its id).
    case asserted(String)
    /// The text names conditions only to deny them.
    case negated
    /// The text names no condition that is known, or concludes with one that is not.
    case absent
    /// The text claims several conditions, withdraws its claim, or only hedges.
    case ambiguous
}

/// Reads the diagnosis that a free text ends with.
///
/// Names and synonyms of all conditions are found on word boundaries whatever their case, hyphens,
/// possessives and British or American spelling; abbreviations only in capitals. Negated mentions
/// ("not pneumonia", "PE was ruled out", "asthma rather than COPD") and hedged ones do not count.
/// Of what remains the final claim decides:
/// 1. the sentence of the last "final diagnosis", "final answer", "answer is" or "answer:";
/// 2. else the last sentence with "diagnosis is" or "diagnosis:" that claims a condition;
/// 3. else the last sentence that claims a condition, if it stands after all of those phrases.
///
/// A sentence that claims two conditions is ambiguous: listing many names earns nothing.
public struct DiagnosisMatcher: Sendable {
    private let index: AliasIndex
    private let rules = AssertionRules()

    public init(bank: CaseBank) {
        index = AliasIndex(conditions: bank.conditions)
    }

    /// A matcher that tells these diagnoses from each other and from the conditions of a bank.
    ///
    /// Where one of them has the name of a condition of the bank it is that condition, with all its
    /// synonyms.
    public init(diagnoses: [NamedDiagnosis], bank: CaseBank? = nil) {
        index = AliasIndex(NamedDiagnosis.join(diagnoses, with: bank?.conditions ?? []))
    }

    /// Whether the text's final claim is this condition.
    public func asserts(_ conditionID: String, in text: String) -> Bool {
        verdict(on: text) == .asserted(conditionID)
    }

    /// Whether the text announces its conclusion, as in "the diagnosis is" or "answer:" before a
    /// word, whatever it then concludes.
    public func announcesConclusion(in text: String) -> Bool {
        Reading(tokens: ClinicalText(text).tokens, claims: []).announcesConclusion
    }

    /// The final claim of the text.
    public func verdict(on text: String) -> DiagnosisVerdict {
        let clinical = ClinicalText(text)
        let mentions = index.mentions(in: clinical)
        let polarities = rules.polarities(of: mentions, in: clinical)
        let claims = zip(mentions, polarities).map { Claim(mention: $0, polarity: $1) }
        let reading = Reading(tokens: clinical.tokens, claims: claims)
        return reading.verdict
    }
}

/// A mention and what is said of it.
private struct Claim {
    let mention: Mention
    let polarity: Polarity
}

/// A text with its claims.
private struct Reading {
    let tokens: [ClinicalText.Token]
    let claims: [Claim]

    var verdict: DiagnosisVerdict {
        if let final = Markers.final.starts(in: tokens).last(where: hasContent) {
            let sentence = claimed(in: sentence(from: final))
            let scope = final..<tokens.count
            return sentence.isEmpty ? conclusion(in: scope) : decide(sentence)
        }
        let diagnosis = Markers.diagnosis.starts(in: tokens).filter(hasContent)
        if let last = diagnosis.last(where: { !claimed(in: sentence(from: $0)).isEmpty }) {
            return decide(claimed(in: sentence(from: last)))
        }
        return conclusion(in: (diagnosis.last ?? 0)..<tokens.count)
    }

    var announcesConclusion: Bool {
        [Markers.final, .diagnosis].contains { $0.starts(in: tokens).contains(where: hasContent) }
    }

    /// The last sentence with a claim, or why there is none.
    private func conclusion(in scope: Range<Int>) -> DiagnosisVerdict {
        guard let last = claimed(in: scope).last else {
            let inside = claims.filter { scope.contains($0.mention.range.lowerBound) }
            if inside.contains(where: { $0.polarity == .hedged }) { return .ambiguous }
            return inside.isEmpty ? .absent : .negated
        }
        return decide(claimed(in: sentence(around: last.mention.range.lowerBound)))
    }

    private func decide(_ claimed: [Claim]) -> DiagnosisVerdict {
        guard let claim = claimed.first, Set(claimed.map(\.mention.conditionID)).count == 1 else {
            return .ambiguous
        }
        let isWithdrawn = claims.contains {
            $0.mention.conditionID == claim.mention.conditionID && $0.polarity == .negated
                && $0.mention.range.lowerBound > claim.mention.range.lowerBound
        }
        return isWithdrawn ? .ambiguous : .asserted(claim.mention.conditionID)
    }

    private func claimed(in range: Range<Int>) -> [Claim] {
        claims.filter { $0.polarity == .asserted && range.contains($0.mention.range.lowerBound) }
    }

    /// Whether more than an option's letter follows in the sentence.
    private func hasContent(_ start: Int) -> Bool {
        tokens[sentence(from: start)].contains { $0.kind == .word && $0.word.count > 1 }
    }

    /// From here to the end of the sentence; a sentence that ends at once gives the next one.
    private func sentence(from start: Int) -> Range<Int> {
        let first = tokens[start...].firstIndex { $0.kind == .word } ?? tokens.count
        let end = tokens[first...].firstIndex { $0.kind == .end } ?? tokens.count
        return start..<end
    }

    private func sentence(around index: Int) -> Range<Int> {
        let start = tokens[..<index].lastIndex { $0.kind == .end } ?? 0
        return start..<(tokens[index...].firstIndex { $0.kind == .end } ?? tokens.count)
    }
}

/// Phrases that announce a conclusion.
private struct Markers {
    let phrases: [[String]]

    static let final = Markers([
        "final diagnosis", "final answer", "answer is", "answer:", "correct option is",
    ])
    static let diagnosis = Markers(["diagnosis is", "diagnosis:", "likely diagnosis"])

    private init(_ phrases: [String]) {
        self.phrases = phrases.map {
            ClinicalText($0).tokens.map { $0.kind == .word ? $0.word : ":" }
        }
    }

    /// Where the text goes on after each phrase, in order.
    func starts(in tokens: [ClinicalText.Token]) -> [Int] {
        tokens.indices.compactMap { index in
            phrases.first { phrase in
                index + phrase.count <= tokens.count
                    && zip(tokens[index...], phrase).allSatisfy { token, part in
                        part == ":" ? token.written == ":" : token.word == part
                    }
            }
            .map { index + $0.count }
        }
    }
}
