/// What words are made of before any merge.
enum SymbolAlphabet: Sendable {
    /// The id of each byte [256], or `BytePairEncoder.missing`: text has no token for such a byte
    /// and it is left out.
    case bytes([UInt32])
    /// Characters, with what stands for those without a token (SentencePiece).
    case characters(CharacterFallback)

    /// The bytes that the vocabulary has.
    static func bytes(of vocabulary: Vocabulary) -> SymbolAlphabet {
        .bytes(
            (0...255).map { (byte: UInt8) in
                let id = withUnsafePointer(to: byte) { pointer in
                    vocabulary.id(of: UnsafeBufferPointer(start: pointer, count: 1))
                }
                return id.map { UInt32($0) } ?? BytePairEncoder.missing
            })
    }

    /// Appends the ids of what a word is made of.
    @inline(__always)
    func append(
        _ word: UnsafeBufferPointer<UInt8>,
        _ vocabulary: Vocabulary,
        to symbols: inout [UInt32]
    ) {
        switch self {
        case .bytes(let ids):
            for byte in word where ids[Int(byte)] != BytePairEncoder.missing {
                symbols.append(ids[Int(byte)])
            }
        case .characters(let fallback): fallback.append(word, vocabulary, to: &symbols)
        }
    }
}

/// Characters as symbols; a character without a token becomes its bytes, or the unknown token.
///
/// As in Hugging Face `tokenizers` (`BPE::merge_word`); without an unknown token the character is
/// left out.
struct CharacterFallback: Sendable {
    /// The tokens of bytes [256] or `BytePairEncoder.missing`; nil where characters never become
    /// bytes.
    let byteIDs: [UInt32]?
    let unknown: UInt32?
    /// Whether neighbours that are unknown are one token.
    let fusesUnknown: Bool

    init(vocabulary: Vocabulary, hasBytes: Bool, unknown: Int?, fusesUnknown: Bool) {
        byteIDs =
            hasBytes
            ? (0...255).map { (byte: UInt8) in
                vocabulary.id(ofText: ByteToken.text(of: byte)).map { UInt32($0) }
                    ?? BytePairEncoder.missing
            } : nil
        self.unknown = unknown.map { UInt32($0) }
        self.fusesUnknown = fusesUnknown
    }

    func append(
        _ word: UnsafeBufferPointer<UInt8>,
        _ vocabulary: Vocabulary,
        to symbols: inout [UInt32]
    ) {
        var isBehindUnknown = false
        var start = 0
        while start < word.count {
            var end = start + 1
            while end < word.count, word[end] & 0xC0 == 0x80 { end += 1 }
            let character = UnsafeBufferPointer(rebasing: word[start..<end])
            start = end
            if let id = vocabulary.id(of: character) {
                symbols.append(UInt32(id))
                isBehindUnknown = false
            } else if appendBytes(character, to: &symbols) {
                isBehindUnknown = false
            } else if let unknown {
                if !(isBehindUnknown && fusesUnknown) { symbols.append(unknown) }
                isBehindUnknown = true
            }
        }
    }

    /// - Returns: false, with nothing appended, when one of the bytes has no token.
    private func appendBytes(
        _ character: UnsafeBufferPointer<UInt8>,
        to symbols: inout [UInt32]
    ) -> Bool {
        guard let byteIDs else { return false }
        for byte in character where byteIDs[Int(byte)] == BytePairEncoder.missing { return false }
        for byte in character { symbols.append(byteIDs[Int(byte)]) }
        return true
    }
}
