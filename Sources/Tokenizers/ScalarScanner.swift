/// Classes of characters in valid UTF-8, up to a limit.
struct ScalarScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    let end: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, end: Int) {
        self.bytes = bytes
        self.end = end
    }

    /// The class of the character at `position < end`, and where the next one begins.
    @inline(__always)
    func scalar(at position: Int) -> (class: ScalarClass, next: Int) {
        let lead = bytes[position]
        if lead < 0x80 { return (ScalarClass(ascii: lead), position + 1) }
        return wideScalar(lead, position)
    }

    private func wideScalar(
        _ lead: UInt8,
        _ position: Int
    ) -> (class: ScalarClass, next: Int) {
        (ScalarClass(character(at: position)), position + Self.length(lead))
    }

    /// The character at `position < end`.
    func character(at position: Int) -> Unicode.Scalar {
        let lead = bytes[position]
        if lead < 0x80 { return Unicode.Scalar(lead) }
        let length = Self.length(lead)
        var code = UInt32(lead) & (0x7F >> UInt32(length))
        for index in 1..<length { code = code << 6 | UInt32(bytes[position + index] & 0x3F) }
        return Unicode.Scalar(code) ?? "\u{FFFD}"
    }

    /// Bytes of a character that begins with one that is not ASCII.
    private static func length(_ lead: UInt8) -> Int { lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    /// The class at a position, empty at the end.
    @inline(__always)
    func `class`(at position: Int) -> ScalarClass {
        position < end ? scalar(at: position).class : []
    }

    /// Where the characters of `set` that begin at `position` end.
    @inline(__always)
    func skip(_ set: ScalarClass, from position: Int) -> Int {
        var position = position
        while position < end {
            let (found, next) = scalar(at: position)
            if found.isDisjoint(with: set) { break }
            position = next
        }
        return position
    }

    /// The character that ends at `position`, or nil at the beginning.
    func scalarBefore(_ position: Int) -> (class: ScalarClass, start: Int)? {
        guard position > 0 else { return nil }
        var start = position - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return (scalar(at: start).class, start)
    }
}
