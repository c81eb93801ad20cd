/// The name of an attribute: group and element.
struct DicomTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    let group: Int
    let element: Int

    init(_ group: Int, _ element: Int) {
        self.group = group
        self.element = element
    }

    /// Attributes of odd groups are a maker's own.
    var isPrivate: Bool { group % 2 == 1 }

    static func < (one: DicomTag, other: DicomTag) -> Bool {
        (one.group, one.element) < (other.group, other.element)
    }

    var description: String { "(\(Self.hexadecimal(group)),\(Self.hexadecimal(element)))" }

    private static func hexadecimal(_ value: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static let item = DicomTag(0xFFFE, 0xE000)
    static let itemEnd = DicomTag(0xFFFE, 0xE00D)
    static let sequenceEnd = DicomTag(0xFFFE, 0xE0DD)
    static let pixelData = DicomTag(0x7FE0, 0x0010)
}

/// How a value is represented: two capital letters (PS3.5 6.2).
struct DicomRepresentation: Hashable, Sendable {
    let letters: String

    init?(_ first: Int?, _ second: Int?) {
        guard let first, let second, (0x41...0x5A).contains(first), (0x41...0x5A).contains(second)
        else { return nil }
        letters = String(decoding: [UInt8(first), UInt8(second)], as: UTF8.self)
    }

    init(_ letters: String) { self.letters = letters }

    /// Whether two reserved bytes and four of length follow, instead of two of length.
    var isLong: Bool { Self.long.contains(letters) }

    private static let long: Set = [
        "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
    ]

    static let sequence = DicomRepresentation("SQ")
    static let unknown = DicomRepresentation("UN")
}
