/// What happens to a text before it is searched for words (`normalizer` of `tokenizer.json`).
struct TextNormalizer: Sendable, Hashable {
    /// Puts it into Unicode's normalization form C.
    var composesUnicode = false
    /// Puts `▁` in front of the text and behind every token in it that is spelled out
    /// (SentencePiece's dummy prefix, as Llama's converters before 2023 have it).
    var prependsMark = false
    /// Writes `▁` for spaces.
    var marksSpaces = false

    /// Calls `body` with the normalized text.
    ///
    /// - Parameter start: What stands before the text.
    func withNormalized(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: TextStart,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        let isComposed = !composesUnicode || UnicodeComposition.isSurelyComposed(text)
        let isMarked = !prependsMark && !marksSpaces
        if isComposed, isMarked { return body(text) }
        var bytes = Array(text)
        if !isComposed {
            bytes = Array(
                UnicodeComposition.compose(String(decoding: text, as: UTF8.self)).utf8)
        }
        if marksSpaces { bytes = SpaceMark.marking(bytes) }
        if prependsMark, start != .text { bytes = SpaceMark.utf8 + bytes }
        bytes.withUnsafeBufferPointer(body)
    }
}

/// What stands before a text that is encoded in pieces.
enum TextStart: Sendable, Hashable {
    case nothing
    /// Text, of which this is the continuation.
    case text
    /// A token that was spelled out.
    case token
}

/// SentencePiece's visible space, U+2581.
enum SpaceMark {
    static let text = "\u{2581}"
    static let utf8: [UInt8] = [0xE2, 0x96, 0x81]

    /// The same with `▁` for every space.
    static func marking(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var marked: [UInt8] = []
        marked.reserveCapacity(bytes.count + 16)
        for byte in bytes {
            if byte == UInt8(ascii: " ") { marked += utf8 } else { marked.append(byte) }
        }
        return marked
    }

    /// The same with a space for every `▁`.
    static func unmarking(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.first {
            if byte == utf8[0], rest.starts(with: utf8) {
                plain.append(UInt8(ascii: " "))
                rest = rest.dropFirst(utf8.count)
            } else {
                plain.append(byte)
                rest = rest.dropFirst()
            }
        }
        return plain
    }
}
