/// Numbers within bytes; nil past the end.
struct ByteReader {
    let bytes: [UInt8]
    var bigEndian = false

    func u8(_ offset: Int) -> Int? {
        bytes.indices.contains(offset) ? Int(bytes[offset]) : nil
    }

    func u16(_ offset: Int) -> Int? {
        guard let first = u8(offset), let second = u8(offset + 1) else { return nil }
        return bigEndian ? first << 8 | second : second << 8 | first
    }

    func u32(_ offset: Int) -> Int? {
        guard let first = u16(offset), let second = u16(offset + 2) else { return nil }
        return bigEndian ? first << 16 | second : second << 16 | first
    }

    /// `count` bytes; nil where they are not all there.
    func slice(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, count <= bytes.count - offset else { return nil }
        return bytes[offset..<(offset + count)]
    }

    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard let part = slice(offset, text.utf8CodeUnitCount) else { return false }
        return text.withUTF8Buffer { part.elementsEqual($0) }
    }
}
