/// An added token in a text: its bytes, with the whitespace that it swallows.
struct AddedTokenMatch: Sendable, Hashable {
    var id: Int
    var start: Int
    var end: Int
}

/// Which tokens that are spelled out in a text become their ids.
struct TokenSearch: Sendable, Hashable {
    /// Whether special tokens stay text.
    var skipsSpecial = false
    /// A token that stays text.
    var textID: Int?

    func skips(_ token: AddedToken) -> Bool {
        token.isSpecial && skipsSpecial || token.id == textID
    }
}

/// A trie over the UTF-8 of added tokens: leftmost, longest matches.
struct AddedTokenMatcher: Sendable {
    private struct Node {
        var bytes: [UInt8] = []
        var children: [Int] = []
        /// The token that ends here.
        var token: Int?

        func child(_ byte: UInt8) -> Int? {
            bytes.firstIndex(of: byte).map { children[$0] }
        }
    }

    private let tokens: [AddedToken]
    private var nodes = [Node()]
    private var isFirst = [Bool](repeating: false, count: 256)

    init(_ tokens: [AddedToken]) {
        self.tokens = tokens
        for (index, token) in tokens.enumerated() where !token.text.isEmpty {
            insert(token.text.utf8, index)
        }
    }

    private mutating func insert(_ text: String.UTF8View, _ token: Int) {
        var node = 0
        for byte in text {
            if let child = nodes[node].child(byte) {
                node = child
            } else {
                nodes[node].bytes.append(byte)
                nodes[node].children.append(nodes.count)
                node = nodes.count
                nodes.append(Node())
            }
        }
        if nodes[node].token == nil { nodes[node].token = token }
        if let first = text.first { isFirst[Int(first)] = true }
    }

    /// The matches in order; a token that is not looked for is text, all of it.
    func matches(
        in text: UnsafeBufferPointer<UInt8>,
        _ search: TokenSearch
    ) -> [AddedTokenMatch] {
        var matches: [AddedTokenMatch] = []
        guard !tokens.isEmpty else { return matches }
        var position = 0
        while position < text.count {
            guard isFirst[Int(text[position])], let (token, end) = longest(text, position) else {
                position += 1
                continue
            }
            let isText =
                search.skips(token)
                || token.isSingleWord && Self.touchesWord(text, position, end)
            if !isText {
                matches.append(
                    stretched(token, text, position, end, after: matches.last?.end ?? 0)
                )
            }
            position = max(end, matches.last?.end ?? 0)
        }
        return matches
    }

    private func longest(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int
    ) -> (AddedToken, end: Int)? {
        var found: (AddedToken, end: Int)?
        var node = 0
        var position = start
        while position < text.count, let child = nodes[node].child(text[position]) {
            node = child
            position += 1
            if let token = nodes[node].token { found = (tokens[token], position) }
        }
        return found
    }

    private func stretched(
        _ token: AddedToken,
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int,
        after limit: Int
    ) -> AddedTokenMatch {
        var match = AddedTokenMatch(id: token.id, start: start, end: end)
        let scanner = ScalarScanner(text, end: text.count)
        if token.stripsLeft {
            while let before = scanner.scalarBefore(match.start), match.start > limit,
                before.class.isWhitespace
            {
                match.start = before.start
            }
        }
        if token.stripsRight { match.end = scanner.skip(.whitespace, from: end) }
        return match
    }

    private static func touchesWord(
        _ text: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> Bool {
        let scanner = ScalarScanner(text, end: text.count)
        if let before = scanner.scalarBefore(start),
            scanner.character(at: before.start).isWordCharacter
        {
            return true
        }
        return end < text.count && scanner.character(at: end).isWordCharacter
    }
}

extension Unicode.Scalar {
    /// What `\w` is in the patterns of Hugging Face's tokenizers: letters, marks, decimal digits,
    /// what connects words and what joins letters; no fractions or superscripts.
    ///
    /// Source: Unicode Technical Standard 18, annex C, as Rust's regex reads it.
    fileprivate var isWordCharacter: Bool {
        if properties.isAlphabetic || properties.isJoinControl { return true }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            true
        default: false
        }
    }
}
