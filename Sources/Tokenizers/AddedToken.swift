/// A token that is found in the text before it is split into words.
struct AddedToken: Sendable, Hashable {
    var id: Int
    var text: String
    var isSpecial: Bool
    /// Whether it swallows the whitespace before it, behind it.
    var stripsLeft = false
    var stripsRight = false
    /// Whether it counts only where no character of a word touches it.
    var isSingleWord = false
    /// Whether it is looked for in the normalized text.
    var isNormalized = false
}

extension AddedToken {
    /// With `▁` where normalized text has it.
    fileprivate func marked(by normalizer: TextNormalizer) -> AddedToken {
        guard normalizer.marksSpaces || normalizer.prependsMark else { return self }
        var (token, text) = (self, text)
        text.withUTF8 { bytes in
            normalizer.withNormalized(bytes, from: .nothing) {
                token.text = String(decoding: $0, as: UTF8.self)
            }
        }
        return token
    }
}

/// Added tokens in the two groups in which they are looked for.
struct AddedTokens: Sendable {
    let all: [AddedToken]
    /// Looked for first, in the text as it is.
    let verbatim: AddedTokenMatcher
    /// Looked for afterwards, in the normalized text between those.
    let normalized: AddedTokenMatcher

    /// - Parameter normalizer: Marks spaces in the tokens that are looked for in normalized text.
    init(_ tokens: [AddedToken], _ normalizer: TextNormalizer) {
        all = tokens
        verbatim = AddedTokenMatcher(tokens.filter { !$0.isNormalized })
        normalized = AddedTokenMatcher(
            tokens.filter(\.isNormalized).map { $0.marked(by: normalizer) })
    }
}
