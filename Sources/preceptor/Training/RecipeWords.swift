import ArgumentParser

/// What no option of a command took: a recipe's file, and keys with values, `--key value` or
/// `--key=value`, before it or behind it.
struct RecipeWords {
    let file: String?
    let pairs: [(key: String, value: String)]

    /// - Throws: `ValidationError` for a second file or a key without a value.
    init(_ words: [String]) throws {
        var file: String?
        var pairs: [(key: String, value: String)] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                guard file == nil else { throw ValidationError("unexpected argument '\(word)'") }
                file = word
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first,
                let value = parts.dropFirst().first ?? rest.popFirst()?[...]
            else { throw ValidationError("\(word) needs a value") }
            pairs.append((String(key), String(value)))
        }
        self.file = file
        self.pairs = pairs
    }
}
