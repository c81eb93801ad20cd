/// What a token is.
enum TokenKind: UInt8, Sendable {
    /// No token has the id.
    case absent
    /// Made of bytes, reached by merging.
    case normal
    /// `<0x0A>`: one byte of a character that has no token (SentencePiece).
    case byte
    /// Spelled as it is, found in the text before it is split.
    case added
    /// The same, for structure.
    case special
}

/// How a vocabulary writes the tokens that merges make.
enum TokenSpelling: Sendable, Hashable {
    /// Every byte as a character of GPT-2's alphabet: what is kept are the bytes meant.
    case byteAlphabet
    /// As text, with `▁` for a space (SentencePiece): kept as it is.
    case sentencePiece
}

/// The bytes of every token in one block, and a hash table from bytes to ids.
struct Vocabulary: Sendable {
    let spelling: TokenSpelling
    private var bytes: [UInt8] = []
    /// Where each token begins in `bytes`; one more than there are tokens.
    private var offsets: [Int] = [0]
    private var kinds: [TokenKind] = []
    /// Open addressing: id + 1, or 0 where empty.
    private var slots: [UInt32]
    private let mask: Int
    private let alphabet = ByteAlphabet.bytes

    /// - Parameter capacity: The most tokens that may be appended.
    init(capacity: Int, spelling: TokenSpelling = .byteAlphabet) {
        self.spelling = spelling
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
        mask = size - 1
        offsets.reserveCapacity(capacity + 1)
        kinds.reserveCapacity(capacity)
        bytes.reserveCapacity(capacity * 8)
    }

    var count: Int { kinds.count }

    func kind(of id: Int) -> TokenKind {
        kinds.indices.contains(id) ? kinds[id] : .absent
    }

    func bytes(of id: Int) -> ArraySlice<UInt8> {
        kinds.indices.contains(id) ? bytes[offsets[id]..<offsets[id + 1]] : []
    }

    /// Appends the token of the next id, spelled as the vocabulary spells if `kind` is `.normal`.
    mutating func append(_ text: String, kind: TokenKind) {
        var text = text
        text.withUTF8 { utf8 in
            let isAlphabet = kind == .normal && spelling == .byteAlphabet
            if !isAlphabet || !ByteAlphabet.decode(utf8, into: &bytes, table: alphabet) {
                bytes += utf8
            }
        }
        close(kind)
    }

    /// Appends what is kept of a token that merges make.
    ///
    /// - Returns: false, with nothing appended, when a character is not of the byte alphabet.
    func despell(_ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) -> Bool {
        if spelling == .byteAlphabet {
            return ByteAlphabet.decode(text, into: &output, table: alphabet)
        }
        output += text
        return true
    }

    /// Appends the normal token of the next id, given as its bytes.
    mutating func append(bytes token: [UInt8]) {
        bytes += token
        close(.normal)
    }

    /// Ends the token of the next id.
    ///
    /// Of equal tokens the first is found by its bytes, but one that merges make before one that
    /// is spelled out.
    private mutating func close(_ kind: TokenKind) {
        let id = kinds.count
        let range = (offsets[id])..<bytes.count
        kinds.append(kind)
        offsets.append(bytes.count)
        guard !range.isEmpty else { return }
        let slot = bytes.withUnsafeBufferPointer { all in
            find(UnsafeBufferPointer(rebasing: all[range]), in: all)
        }
        let isFree = slots[slot] == 0 || kind == .normal && kinds[Int(slots[slot]) - 1] != .normal
        if isFree { slots[slot] = UInt32(id + 1) }
    }

    /// The id of a token's bytes.
    func id(of token: UnsafeBufferPointer<UInt8>) -> Int? {
        bytes.withUnsafeBufferPointer { all in
            let found = slots[find(token, in: all)]
            return found == 0 ? nil : Int(found) - 1
        }
    }

    /// The slot that holds the token, or the empty one where it would go.
    @inline(__always)
    private func find(
        _ token: UnsafeBufferPointer<UInt8>,
        in all: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var slot = Self.hash(token) & mask
        while slots[slot] != 0 {
            let id = Int(slots[slot]) - 1
            let start = offsets[id]
            if offsets[id + 1] - start == token.count, Self.isEqual(token, all, start) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    @inline(__always)
    private static func isEqual(
        _ token: UnsafeBufferPointer<UInt8>,
        _ all: UnsafeBufferPointer<UInt8>,
        _ start: Int
    ) -> Bool {
        for index in 0..<token.count where token[index] != all[start + index] { return false }
        return true
    }

    /// FNV-1a, with its high bits folded down for tables of a power of two.
    @inline(__always)
    private static func hash(_ token: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in token { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 29))
    }
}

extension Vocabulary {
    /// The token as a vocabulary writes it.
    func text(of id: Int) -> String? {
        switch kind(of: id) {
        case .absent: nil
        case .normal where spelling == .byteAlphabet: ByteAlphabet.encode(bytes(of: id))
        case .normal, .byte, .added, .special: String(decoding: bytes(of: id), as: UTF8.self)
        }
    }

    func id(ofText text: String) -> Int? {
        var text = text
        return text.withUTF8 { utf8 -> Int? in
            if let id = id(of: utf8), kind(of: id) != .normal || spelling != .byteAlphabet {
                return id
            }
            var kept: [UInt8] = []
            guard despell(utf8, into: &kept) else { return nil }
            return kept.withUnsafeBufferPointer { id(of: $0) }
        }
    }

    /// The byte that a token of the kind `.byte` stands for.
    func byte(of id: Int) -> UInt8? {
        kind(of: id) == .byte ? ByteToken.byte(bytes(of: id)) : nil
    }
}

/// Tokens of single bytes, as SentencePiece writes them.
enum ByteToken {
    /// The token of a byte: `<0x0A>`.
    static func text(of byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "<0x" + (digits.utf8.count < 2 ? "0" : "") + digits + ">"
    }

    /// The byte of `<0x0A>`, or nil for any other text.
    static func byte(_ text: some BidirectionalCollection<UInt8>) -> UInt8? {
        guard text.count == 6, text.starts(with: "<0x".utf8) else { return nil }
        let rest = text.dropFirst(3)
        guard rest.last == UInt8(ascii: ">"), rest.first != UInt8(ascii: "+") else { return nil }
        return UInt8(String(decoding: rest.dropLast(), as: UTF8.self), radix: 16)
    }
}
