/// The colours of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5 and C.7.9).
struct DicomPalette {
    private let first: Int
    private let isSigned: Bool
    private let bits: Int
    /// Of each entry, [3].
    private let tables: [[UInt8]]

    init(_ image: DicomImage) throws(ImageProblem) {
        let file = image.file
        var tables: [[UInt8]] = []
        var first = 0
        for colour in 0..<3 {
            guard let descriptor = file.element(0x0028, 0x1101 + colour) else {
                throw .corrupt("a palette is missing")
            }
            guard let data = file.element(0x0028, 0x1201 + colour) else {
                throw file.element(0x0028, 0x1221 + colour) == nil
                    ? .corrupt("a palette is missing") : .unsupported("a segmented palette")
            }
            let facts = file.integers(descriptor)
            guard facts.count == 3 else { throw .corrupt("a palette without a description") }
            first = image.isSigned ? Int(Int16(truncatingIfNeeded: facts[1])) : facts[1]
            // Zero stands for 65536.
            let count = facts[0] == 0 ? 65536 : facts[0]
            tables.append(try Self.table(file, data, count: count, bits: facts[2]))
        }
        guard tables[0].count == tables[1].count, tables[1].count == tables[2].count else {
            throw .corrupt("palettes of unequal length")
        }
        (self.first, self.tables) = (first, tables)
        (isSigned, bits) = (image.isSigned, image.bitsStored)
    }

    /// The high eight bits of each entry. Eight-bit tables may stand one or two to a word.
    private static func table(
        _ file: DicomFile, _ data: DicomElement, count: Int, bits: Int
    ) throws(ImageProblem) -> [UInt8] {
        let words = file.integers(data)
        if words.count >= count {
            // Some writers say 16 bits and fill eight.
            let shift = bits > 8 ? 8 : 0
            return words[..<count].map { UInt8(truncatingIfNeeded: $0 >> shift) }
        }
        guard data.value.count >= count else {
            throw .truncated("a palette of \(data.value.count) bytes; \(count) entries declared")
        }
        let isBig = file.syntax.encoding.isBigEndian
        return words.flatMap { word in
            let pair = [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
            return isBig ? pair.reversed() : pair
        }.prefix(count).map { $0 }
    }

    /// Pixels [.., 3]; values outside the table take its nearest end.
    func colours(of values: [UInt16]) -> [UInt8] {
        let last = tables[0].count - 1
        let entries = (0..<(1 << bits)).map { value in
            let meant = isSigned && value >> (bits - 1) == 1 ? value - 1 << bits : value
            return min(max(meant - first, 0), last)
        }
        return values.flatMap { value in
            let entry = entries[Int(value)]
            return [tables[0][entry], tables[1][entry], tables[2][entry]]
        }
    }
}
