/// Text from ids as they come, whole characters only.
///
/// All pieces together, the one of `flush()` included, are what `Tokenizer.decode` gives.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipSpecial: Bool
    /// The beginning of a character.
    private var pending: [UInt8] = []

    /// - Parameter skipSpecial: Leaves special tokens out.
    public init(tokenizer: Tokenizer, skipSpecial: Bool = false) {
        self.tokenizer = tokenizer
        self.skipSpecial = skipSpecial
    }

    /// The text that one more id completes; empty within a character.
    public mutating func append(_ id: Int) -> String {
        if skipSpecial, tokenizer.isSpecial(id) { return "" }
        pending += tokenizer.vocabulary.bytes(of: id)
        let whole = pending.count - UTF8Tail.incompleteLength(of: pending)
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeFirst(whole)
        return text
    }

    /// What is left at the end: U+FFFD for a character that was begun and never ended.
    public mutating func flush() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}

/// The end of a piece of UTF-8.
enum UTF8Tail {
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
