/// White space in UTF-8 as Python's `str.split` and `str.rstrip` know it.
enum WhiteSpace {
    /// The stretches between white space.
    static func words(of bytes: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var index = 0
        var start = 0
        while index < bytes.count {
            let length = length(in: bytes, at: index)
            if length > 0 {
                if start < index { words.append(start..<index) }
                start = index + length
            }
            index += max(length, 1)
        }
        if start < index { words.append(start..<index) }
        return words
    }

    /// Bytes of the white-space character that begins here; 0 where none does.
    private static func length(in bytes: [UInt8], at index: Int) -> Int {
        let first = bytes[index]
        switch first {
        case 0x09...0x0D, 0x1C...0x20: return 1
        case 0xC2:
            let second = bytes[index + 1]
            return second == 0x85 || second == 0xA0 ? 2 : 0
        case 0xE1, 0xE2, 0xE3:
            return isWide(first, bytes[index + 1], bytes[index + 2]) ? 3 : 0
        default: return 0
        }
    }

    /// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
    private static func isWide(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second, third) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): true
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF): true
        default: false
        }
    }
}
