/// Python's text methods, on scalars and bytes: Swift's characters would treat `\r\n` and
/// combining marks differently.
enum TemplateText {
    /// Where `part` first begins in `text`, in bytes.
    static func find(_ part: String, in text: String) -> Int? {
        TemplateSearch(part).places(in: Array(text.utf8), limit: 1).first
    }

    /// The pieces between separators, at most `limit` of which are used.
    static func split(_ text: String, by separator: String, limit: Int) -> [String] {
        let bytes = Array(text.utf8)
        var pieces: [String] = []
        var start = 0
        for place in TemplateSearch(separator).places(in: bytes, limit: limit) {
            pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + separator.utf8.count
        }
        return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// The words between runs of whitespace.
    static func words(_ text: String) -> [String] {
        text.unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
    }

    /// Without the scalars of `set`, or without whitespace, at the ends.
    static func strip(_ text: String, _ set: String?, left: Bool, right: Bool) -> String {
        let scalars = text.unicodeScalars
        let stripped = set.map { Set($0.unicodeScalars) }
        func goes(_ scalar: Unicode.Scalar) -> Bool {
            stripped?.contains(scalar) ?? scalar.properties.isWhitespace
        }
        var rest = scalars[...]
        if left { rest = rest.drop(while: goes) }
        if right {
            while let last = rest.last, goes(last) { rest.removeLast() }
        }
        return String(rest)
    }

    static func replace(_ text: String, _ old: String, _ new: String, limit: Int) -> String {
        guard !old.isEmpty else { return text }
        return split(text, by: old, limit: limit).joined(separator: new)
    }

    /// The first letter of each word large, the others small.
    static func title(_ text: String) -> String {
        var result = ""
        var startsWord = true
        for scalar in text.unicodeScalars {
            result +=
                startsWord
                ? scalar.properties.titlecaseMapping : scalar.properties.lowercaseMapping
            startsWord = !scalar.properties.isAlphabetic
        }
        return result
    }

    static func capitalize(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.titlecaseMapping
            + String(text.unicodeScalars.dropFirst()).lowercased()
    }
}
