/// A place where a text names a condition.
struct Mention: Equatable {
    let conditionID: String
    /// The tokens of the name.
    let range: Range<Int>
}

/// All names of some conditions, for finding them on word boundaries, the longest first.
struct AliasIndex {
    private struct Alias {
        let words: [String]
        let conditionID: String
        let notAfter: [[String]]
        /// Abbreviations count only as written: "MS" is a disease, "ms" is not.
        let abbreviation: String?
    }

    private var aliases: [String: [Alias]] = [:]

    init(conditions: [Condition]) {
        self.init(conditions.map { NamedDiagnosis($0) })
    }

    init(_ diagnoses: [NamedDiagnosis]) {
        for diagnosis in diagnoses {
            let notAfter = diagnosis.notAfter.map { ClinicalText($0).words }
            for name in diagnosis.names {
                let words = ClinicalText(name).words
                guard let first = words.first else { continue }
                aliases[first, default: []].append(
                    Alias(
                        words: words,
                        conditionID: diagnosis.id,
                        notAfter: notAfter,
                        abbreviation: Self.isAbbreviation(name) ? name : nil
                    )
                )
            }
        }
        for first in aliases.keys {
            aliases[first]?.sort { $0.words.count > $1.words.count }
        }
    }

    /// The mentions in order; they do not overlap.
    func mentions(in text: ClinicalText) -> [Mention] {
        var result: [Mention] = []
        var index = 0
        while index < text.tokens.count {
            if let alias = alias(at: index, in: text.tokens) {
                let range = index..<(index + alias.words.count)
                if !alias.notAfter.contains(where: { text.tokens[..<index].endsWith($0) }) {
                    result.append(Mention(conditionID: alias.conditionID, range: range))
                }
                index = range.upperBound
            } else {
                index += 1
            }
        }
        return result
    }

    private func alias(at index: Int, in tokens: [ClinicalText.Token]) -> Alias? {
        let token = tokens[index]
        return aliases[token.word]?.first { alias in
            guard tokens[index...].startsWith(alias.words) else { return false }
            return alias.abbreviation.map { $0 == token.written } ?? true
        }
    }

    private static func isAbbreviation(_ name: String) -> Bool {
        name.count <= 5 && name.allSatisfy { $0.isUppercase || $0.isNumber }
    }
}

extension ArraySlice<ClinicalText.Token> {
    func startsWith(_ words: [String]) -> Bool {
        count >= words.count && zip(self, words).allSatisfy { $0.word == $1 }
    }

    func endsWith(_ words: [String]) -> Bool {
        count >= words.count && zip(suffix(words.count), words).allSatisfy { $0.word == $1 }
    }
}
