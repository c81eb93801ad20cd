/// Text from ids as they come, whole characters only.
///
/// All pieces together, the one of `flush()` included, are what `Tokenizer.decode` gives.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipSpecial: Bool
    /// The beginning of a character.
    private var pending: [UInt8] = []
    /// Whether no text has come yet.
    private var isAtStart = true

    /// - Parameter skipSpecial: Leaves special tokens out.
    public init(tokenizer: Tokenizer, skipSpecial: Bool = false) {
        self.tokenizer = tokenizer
        self.skipSpecial = skipSpecial
    }

    /// The text that one more id completes; empty within a character.
    public mutating func append(_ id: Int) -> String {
        if skipSpecial, tokenizer.isSpecial(id) { return "" }
        if tokenizer.vocabulary.spelling == .sentencePiece { return stripped(piece(id)) }
        pending += tokenizer.vocabulary.bytes(of: id)
        let whole = pending.count - UTF8Tail.incompleteLength(of: pending)
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeFirst(whole)
        return text
    }

    /// What is left at the end: U+FFFD for a character that was begun and never ended.
    ///
    /// What is appended from here on is another text.
    public mutating func flush() -> String {
        defer { isAtStart = true }
        if tokenizer.vocabulary.spelling == .sentencePiece { return stripped(rest()) }
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// The text of one of SentencePiece's tokens, behind that of bytes that waited for it.
    private mutating func piece(_ id: Int) -> String {
        if let byte = tokenizer.vocabulary.byte(of: id) {
            pending.append(byte)
            return UTF8Tail.takeCharacters(from: &pending)
        }
        let bytes = tokenizer.vocabulary.bytes(of: id)
        // An id without a token is as if it had not come.
        if bytes.isEmpty { return "" }
        return rest() + String(decoding: SpaceMark.unmarking(bytes), as: UTF8.self)
    }

    /// U+FFFD for each byte that waits for others.
    private mutating func rest() -> String {
        defer { pending = [] }
        return String(repeating: "\u{FFFD}", count: pending.count)
    }

    private mutating func stripped(_ text: String) -> String {
        guard isAtStart, let first = text.unicodeScalars.first else { return text }
        isAtStart = false
        guard tokenizer.stripsFirstSpace, first == " " else { return text }
        return String(text.unicodeScalars.dropFirst())
    }
}

/// The end of a piece of UTF-8.
enum UTF8Tail {
    /// Removes all that is complete from the front: characters, and U+FFFD for each byte that
    /// begins none.
    static func takeCharacters(from bytes: inout [UInt8]) -> String {
        var text = ""
        while let lead = bytes.first {
            let length = sequenceLength(lead)
            if let character = String(validating: bytes.prefix(length), as: UTF8.self) {
                text += character
                bytes.removeFirst(length)
            } else if bytes.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }),
                isBeginning(bytes, needed: length)
            {
                return text
            } else {
                text += "\u{FFFD}"
                bytes.removeFirst()
            }
        }
        return text
    }

    /// How many bytes at the end may become a character when more bytes follow: 0 to 3.
    static func incompleteLength(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let tail = bytes.suffix(length)
            guard let lead = tail.first else { return 0 }
            if lead & 0xC0 == 0x80 { continue }
            return isBeginning(Array(tail), needed: sequenceLength(lead)) ? length : 0
        }
        return 0
    }

    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// Whether valid UTF-8 can begin so (Unicode standard, table 3-7).
    private static func isBeginning(_ tail: [UInt8], needed: Int) -> Bool {
        guard tail.count < needed else { return false }
        guard tail.count > 1 else { return true }
        switch tail[0] {
        case 0xE0: return tail[1] >= 0xA0
        case 0xED: return tail[1] <= 0x9F
        case 0xF0: return tail[1] >= 0x90
        case 0xF4: return tail[1] <= 0x8F
        default: return true
        }
    }
}
