import Records

/// A JSON object from tokens to ids, turned round, with added tokens put over it.
struct VocabularyMap {
    private var texts: [String?] = []
    private var kinds: [TokenKind] = []
    private let source: String
    private let item: String?

    /// Ids from here on are taken for damage.
    private static let limit = 1 << 24

    /// - Parameter item: The object's name in the file, for error messages.
    init(
        _ tokens: [(key: String, value: JSONValue)], source: String, item: String?
    ) throws(TokenizerError) {
        self.source = source
        self.item = item
        texts.reserveCapacity(tokens.count)
        kinds.reserveCapacity(tokens.count)
        for (text, value) in tokens {
            guard case .integer(let id) = value, (0..<Self.limit).contains(id) else {
                throw fault("token '\(text)' has no valid id")
            }
            extend(to: id)
            guard texts[id] == nil else { throw fault("two tokens have the id \(id)") }
            texts[id] = text
            kinds[id] = .normal
        }
    }

    /// Tokens in the order of their ids.
    init(_ tokens: [(text: String, kind: TokenKind)], source: String) {
        self.source = source
        item = nil
        texts = tokens.map(\.text)
        kinds = tokens.map(\.kind)
    }

    mutating func add(_ tokens: [AddedToken]) throws(TokenizerError) {
        for token in tokens {
            guard (0..<Self.limit).contains(token.id) else {
                throw fault("the added token '\(token.text)' has no valid id")
            }
            extend(to: token.id)
            if let text = texts[token.id], text != token.text {
                throw fault("the added token '\(token.text)' has the id of '\(text)'")
            }
            texts[token.id] = token.text
            kinds[token.id] = token.isSpecial ? .special : .added
        }
    }

    /// Tokens such as `<0x0A>` are bytes from here on.
    mutating func markBytes() {
        for (id, text) in texts.enumerated() where text.flatMap({ ByteToken.byte($0.utf8) }) != nil
        {
            kinds[id] = .byte
        }
    }

    func vocabulary(spelling: TokenSpelling = .byteAlphabet) -> Vocabulary {
        var vocabulary = Vocabulary(capacity: texts.count, spelling: spelling)
        for (text, kind) in zip(texts, kinds) { vocabulary.append(text ?? "", kind: kind) }
        return vocabulary
    }

    private mutating func extend(to id: Int) {
        let missing = id + 1 - texts.count
        guard missing > 0 else { return }
        texts.append(contentsOf: repeatElement(nil, count: missing))
        kinds.append(contentsOf: repeatElement(.absent, count: missing))
    }

    private func fault(_ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: item, reason: reason)
    }
}
