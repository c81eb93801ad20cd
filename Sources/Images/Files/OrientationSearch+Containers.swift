import CImages

extension OrientationSearch {
    /// Segments before the first scan. EXIF in several is joined.
    mutating func readJPEG(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes: bytes, bigEndian: true)
        var offset = 2
        while let prefix = reader.u8(offset) {
            guard prefix == 0xFF, let marker = reader.u8(offset + 1) else {
                offset += 1
                continue
            }
            switch marker {
            case 0xDA, 0xD9: return
            case 0xFF: offset += 1
            case 0x00, 0x01, 0xD0...0xD8: offset += 2
            default:
                guard let length = reader.u16(offset + 2), length >= 2 else { return }
                if marker == 0xE1 { readApplication1(reader, offset + 4, length - 2) }
                offset += 2 + length
            }
        }
    }

    private mutating func readApplication1(_ reader: ByteReader, _ offset: Int, _ count: Int) {
        guard let data = reader.slice(offset, count) else { return }
        let space: StaticString = "http://ns.adobe.com/xap/1.0/\0"
        if reader.has("Exif\0\0", at: offset), count >= 6 {
            exif = (exif ?? []) + data.dropFirst(exif == nil ? 0 : 6)
        } else if reader.has(space, at: offset), count >= space.utf8CodeUnitCount {
            xmp = Array(data.dropFirst(space.utf8CodeUnitCount))
        }
    }

    /// Chunks before and behind the pixels: `eXIf`, or the text that ImageMagick used to write.
    mutating func readPNG(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes: bytes, bigEndian: true)
        var offset = 8
        var profile: [UInt8]?
        while let length = reader.u32(offset), let data = reader.slice(offset + 8, length) {
            if reader.has("eXIf", at: offset + 4) {
                exif = Array(data)
            } else if reader.has("tEXt", at: offset + 4) || reader.has("zTXt", at: offset + 4) {
                let isPacked = reader.has("zTXt", at: offset + 4)
                profile = Self.value(of: "Raw profile type exif", data, isPacked) ?? profile
            } else if reader.has("iTXt", at: offset + 4) {
                xmp = Self.internationalText(data, key: "XML:com.adobe.xmp") ?? xmp
            }
            offset += 12 + length
        }
        exif = exif ?? profile.flatMap(Self.hexadecimal)
    }

    mutating func readWebP(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes: bytes)
        var offset = 12
        while let length = reader.u32(offset + 4), let data = reader.slice(offset + 8, length) {
            if reader.has("EXIF", at: offset) { exif = Array(data) }
            if reader.has("XMP ", at: offset) { xmp = Array(data) }
            offset += 8 + length + length % 2
        }
    }

    /// keyword 0 text, or keyword 0 method deflated-text.
    private static func value(
        of key: String, _ data: ArraySlice<UInt8>, _ isPacked: Bool
    ) -> [UInt8]? {
        let keyword = Array((key + "\0").utf8)
        guard data.starts(with: keyword) else { return nil }
        let rest = data.dropFirst(keyword.count)
        guard isPacked else { return Array(rest) }
        return rest.first == 0 ? inflate(Array(rest.dropFirst())) : nil
    }

    /// keyword 0 packed method language 0 translated-keyword 0 text
    private static func internationalText(_ data: ArraySlice<UInt8>, key: String) -> [UInt8]? {
        let keyword = Array((key + "\0").utf8)
        guard data.starts(with: keyword) else { return nil }
        var rest = data.dropFirst(keyword.count)
        guard let isPacked = rest.first, rest.count > 2 else { return nil }
        rest = rest.dropFirst(2)
        for _ in 0..<2 {
            guard let end = rest.firstIndex(of: 0) else { return nil }
            rest = rest[(end + 1)...]
        }
        return isPacked == 0 ? Array(rest) : inflate(Array(rest))
    }

    /// At most a mebibyte of text, as Pillow; nil for more and for damage.
    private static func inflate(_ packed: [UInt8]) -> [UInt8]? {
        var text = [UInt8](repeating: 0, count: 1 << 20)
        var written = 0
        do {
            try Codec.call { message in
                ci_inflate(packed, packed.count, &text, text.count, &written, message)
            }
            return Array(text[..<written])
        } catch {
            return nil
        }
    }

    /// The lines behind "\nname\nlength\n" are hexadecimal.
    private static func hexadecimal(_ text: [UInt8]) -> [UInt8]? {
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).dropFirst(3)
        let digits = lines.joined().compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
