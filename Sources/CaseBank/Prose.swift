/// Small English: articles, lists, capitals.
enum Prose {
    /// "a, b and c"; a comma before the last "and" where an item holds an "and" itself.
    static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        let head = items.dropLast().joined(separator: ", ")
        let nested = items.contains { $0.contains(" and ") }
        return head + (nested ? ", and " : " and ") + last
    }

    /// "a" or "an" before a number as it is spoken: an 8, an 11, an 18, an 80 to 89, an eight.
    static func article(before word: String) -> String {
        let vowel = word.first.map { "aeiou".contains($0) } ?? false
        let saysAn =
            word.hasPrefix("8") || ["11", "18"].contains { word == $0 || word.hasPrefix($0 + "-") }
        // "one" is spoken with a w.
        return (vowel && !word.hasPrefix("one")) || saysAn ? "an" : "a"
    }

    /// "two hours" as it stands before a noun: "two-hour".
    static func attributive(_ duration: String) -> String {
        let singular = duration.hasSuffix("s") ? String(duration.dropLast()) : duration
        return singular.split(separator: " ").joined(separator: "-")
    }
}

extension String {
    var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }

    /// Words joined by single spaces, without space at either end.
    var collapsingSpaces: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
