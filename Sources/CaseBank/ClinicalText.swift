import Foundation

/// A text as words and stops, normalised so that spelling variants compare equal.
///
/// Case, hyphens, accents, possessives and emphasis marks disappear, and British spelling becomes
/// American (haemorrhage, oedema, tumour). The rewriting need not give real words; it is applied
/// to names, cues and texts alike.
struct ClinicalText {
    /// A word or a stop.
    struct Token: Equatable {
        enum Kind { case word, comma, end }
        let kind: Kind
        /// The normalised word; empty for a stop.
        let word: String
        /// As it was written.
        let written: String
    }

    let tokens: [Token]
    var words: [String] { tokens.filter { $0.kind == .word }.map(\.word) }

    init(_ text: String) {
        var reader = Reader(text: Array(text.unicodeScalars))
        tokens = reader.read()
    }

    /// Rewrites one word, already in lower case.
    static func normalize(_ word: String) -> String {
        var result = word.folding(options: .diacriticInsensitive, locale: nil)
        for (british, american) in [
            ("ae", "e"), ("oe", "e"), ("our", "or"), ("leuc", "leuk"), ("sulph", "sulf"),
        ] {
            result = result.replacingOccurrences(of: british, with: american)
        }
        for (british, american) in [
            ("isation", "ization"), ("ised", "ized"), ("ising", "izing"), ("ise", "ize"),
            ("tre", "ter"),
        ] where result.hasSuffix(british) {
            return result.dropLast(british.count) + american
        }
        return result
    }
}

/// Cuts a text into tokens.
private struct Reader {
    let text: [Unicode.Scalar]
    var tokens: [ClinicalText.Token] = []
    var word = String.UnicodeScalarView()

    init(text: [Unicode.Scalar]) { self.text = text }

    mutating func read() -> [ClinicalText.Token] {
        for (index, scalar) in text.enumerated() {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
            {
                word.append(scalar)
            } else if "'’".unicodeScalars.contains(scalar) {
                if !word.isEmpty { word.append("'") }
            } else if scalar == "." && isInsideNumber(index) {
                word.append(scalar)
            } else {
                endWord()
                stop(scalar)
            }
        }
        endWord()
        return tokens
    }

    private func isInsideNumber(_ index: Int) -> Bool {
        guard let last = word.last, index + 1 < text.count else { return false }
        return last.properties.numericType != nil && text[index + 1].properties.numericType != nil
    }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        let written = String(word)
        word.removeAll()
        var plain = written.lowercased()
        if plain.hasSuffix("'s") { plain.removeLast(2) }
        plain.removeAll { $0 == "'" }
        guard !plain.isEmpty else { return }
        tokens.append(
            .init(kind: .word, word: ClinicalText.normalize(plain), written: written)
        )
    }

    private mutating func stop(_ scalar: Unicode.Scalar) {
        switch scalar {
        case ".", "!", "?", ";", "\n", "\r":
            // "C. Pulmonary embolism" and "e.g." go on after the period.
            let letter = scalar == "." && (tokens.last?.word.count == 1)
            append(letter ? .comma : .end, scalar)
        case ",", ":", "(", ")", "[", "]", "/", "–", "—":
            append(.comma, scalar)
        default:
            break
        }
    }

    private mutating func append(_ kind: ClinicalText.Token.Kind, _ scalar: Unicode.Scalar) {
        tokens.append(.init(kind: kind, word: "", written: String(scalar)))
    }
}
