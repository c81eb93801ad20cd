/// A token that is found in the text before it is split into words.
struct AddedToken: Sendable, Hashable {
    var id: Int
    var text: String
    var isSpecial: Bool
    /// Whether it swallows the whitespace before it, behind it.
    var stripsLeft = false
    var stripsRight = false
    /// Whether it counts only where no letter, digit or underscore touches it.
    var isSingleWord = false
    /// Whether it is looked for in the normalized text.
    var isNormalized = false
}

/// Added tokens in the two groups in which they are looked for.
struct AddedTokens: Sendable {
    /// Looked for first, in the text as it is.
    let verbatim: AddedTokenMatcher
    /// Looked for afterwards, in the normalized text between those.
    let normalized: AddedTokenMatcher

    init(_ tokens: [AddedToken]) {
        verbatim = AddedTokenMatcher(tokens.filter { !$0.isNormalized })
        normalized = AddedTokenMatcher(tokens.filter(\.isNormalized))
    }
}
