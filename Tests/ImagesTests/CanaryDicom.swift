/// DICOM files with a mark in attributes of every representation, at any depth, in what devices
/// write for a sequence, and worse.
struct CanaryDicom {
    enum Syntax: String, CaseIterable {
        case implicit = "1.2.840.10008.1.2"
        case explicit = "1.2.840.10008.1.2.1"
        case big = "1.2.840.10008.1.2.2"
    }

    /// How a sequence stands in the file.
    enum Form: String, CaseIterable {
        case defined, undefined
        /// With an end that a defined length does not have.
        case strayDelimiter
        /// Items under another representation than a sequence's.
        case unknown, bytes, text
        /// The same with implicit items, as PS3.5 6.2.2 wants them.
        case unknownImplicit, unknownUndefined
        /// Its length, or its item's, leads beyond its end.
        case overrun, itemOverrun
        /// Bytes that are no item stand behind the last.
        case padding
    }

    /// Where a sequence stands.
    static let places = [
        (0x0008, 0x1140), (0x0040, 0x0555), (0x5200, 0x9229), (0x0040, 0xFFF0), (0x0009, 0x1010),
    ]

    static let mark = "QZX77"
    static let uidMark = "1.2.826.0.77133.77"
    static let dateMark = "17770913"
    static let marks = [mark, uidMark, dateMark].map { Array($0.utf8) }

    let syntax: Syntax
    private var order: Bool { syntax == .big }
    private static let long: Set = ["OB", "OD", "OF", "OL", "OW", "SQ", "UC", "UN", "UR", "UT"]

    init(_ syntax: Syntax) { self.syntax = syntax }

    /// A file with the marks, below `depth` sequences of this form.
    func file(place: (Int, Int), form: Form, depth: Int) -> [UInt8] {
        var body = marked
        for _ in 0..<depth { body = sequence(place, form, body) }
        var elements = self.elements
        elements.append((place.0, place.1, body))
        return part10(elements)
    }

    /// A file with the marks and nothing nested.
    var flat: [UInt8] { part10(elements + Self.attributes.map { ($0.0, $0.1, marked($0)) }) }

    /// One attribute of each representation, among them some outside of table E.1-1.
    private static let attributes: [(Int, Int, String)] = [
        (0x0008, 0x0014, "UI"), (0x0008, 0x0021, "DA"), (0x0008, 0x002A, "DT"),
        (0x0008, 0x0031, "TM"), (0x0008, 0x0050, "SH"), (0x0008, 0x0054, "AE"),
        (0x0008, 0x0080, "LO"), (0x0008, 0x0081, "ST"), (0x0008, 0x0120, "UR"),
        (0x0010, 0x0010, "PN"), (0x0010, 0x0020, "LO"), (0x0010, 0x0040, "CS"),
        (0x0010, 0x1010, "AS"), (0x0010, 0x1030, "DS"), (0x0010, 0x21B0, "LT"),
        (0x0018, 0x1000, "LO"), (0x0018, 0x1150, "IS"), (0x0018, 0x9074, "DT"),
        (0x0028, 0x1052, "DS"), (0x0028, 0x1054, "LO"), (0x0028, 0x1201, "OW"),
        (0x0040, 0x4023, "UI"), (0x0040, 0xA160, "UT"), (0x0042, 0x0011, "OB"),
        (0x0400, 0x0115, "OB"), (0x0040, 0xFFF1, "UN"), (0x0011, 0x1001, "UN"),
    ]

    private var marked: [UInt8] {
        Self.attributes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.flatMap { marked($0) }
    }

    private func marked(_ attribute: (Int, Int, String)) -> [UInt8] {
        let text =
            switch attribute.2 {
            case "UI": Self.uidMark
            case "DA", "DT": Self.dateMark
            default: "\(Self.mark)_"
            }
        return element(attribute.0, attribute.1, attribute.2, Array(text.utf8))
    }

    private var elements: [(Int, Int, [UInt8])] {
        func text(_ group: Int, _ number: Int, _ kind: String, _ text: String)
            -> (Int, Int, [UInt8])
        { (group, number, element(group, number, kind, Array(text.utf8))) }
        func word(_ number: Int, _ value: Int) -> (Int, Int, [UInt8]) {
            (0x0028, number, element(0x0028, number, "US", self.word(value)))
        }
        return [
            text(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
            text(0x0008, 0x0018, "UI", "\(Self.uidMark).1"), word(0x0002, 1),
            text(0x0028, 0x0004, "CS", "MONOCHROME2"), word(0x0010, 1), word(0x0011, 4),
            word(0x0100, 16), word(0x0101, 12), word(0x0102, 11), word(0x0103, 0),
            (0x7FE0, 0x0010, element(0x7FE0, 0x0010, "OW", (1...4).flatMap { self.word($0) })),
        ]
    }

    private func part10(_ elements: [(Int, Int, [UInt8])]) -> [UInt8] {
        let meta = CanaryDicom(.explicit)
            .element(0x0002, 0x0010, "UI", Array(syntax.rawValue.utf8))
        let preamble = Array("\(Self.mark)".utf8) + [UInt8](repeating: 0, count: 123)
        return preamble + Array("DICM".utf8) + meta
            + elements.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.flatMap(\.2)
    }

    private func sequence(_ place: (Int, Int), _ form: Form, _ body: [UInt8]) -> [UInt8] {
        let tag = place, end = item(0xE0DD, [])
        func element(_ kind: String, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
            self.element(tag.0, tag.1, kind, value, length: length)
        }
        let one = item(0xE000, body)
        switch form {
        case .defined: return element("SQ", one)
        case .undefined: return element("SQ", one + end, length: 0xFFFF_FFFF)
        case .strayDelimiter: return element("SQ", one + end)
        case .unknown: return element("UN", one)
        case .bytes: return element("OB", one)
        case .text: return element("LO", one)
        case .unknownImplicit: return element("UN", CanaryDicom(.implicit).item(0xE000, body))
        case .unknownUndefined: return element("UN", one + end, length: 0xFFFF_FFFF)
        case .overrun: return element("SQ", one, length: one.count + 4096)
        case .itemOverrun: return element("SQ", item(0xE000, body, length: body.count + 4096))
        case .padding: return element("SQ", one + Array("\(Self.mark)PADDING".utf8))
        }
    }

    private func item(_ number: Int, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
        word(0xFFFE) + word(number) + long(length ?? value.count) + value
    }

    private func element(
        _ group: Int, _ number: Int, _ kind: String, _ value: [UInt8], length: Int? = nil
    ) -> [UInt8] {
        let padding: UInt8 = ["UI", "OB", "UN"].contains(kind) ? 0 : 0x20
        let even = value + (value.count % 2 == 0 ? [] : [padding])
        let count = length ?? even.count
        let head = word(group) + word(number)
        if syntax == .implicit { return head + long(count) + even }
        let isLong = Self.long.contains(kind)
        return head + Array(kind.utf8) + (isLong ? [0, 0] + long(count) : word(count)) + even
    }

    private func word(_ value: Int) -> [UInt8] { number(value, bytes: 2) }
    private func long(_ value: Int) -> [UInt8] { number(value, bytes: 4) }

    private func number(_ value: Int, bytes: Int) -> [UInt8] {
        let low = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return order ? low.reversed() : low
    }
}
