/// A DICOM file of one row of signed 16-bit values, explicit little endian.
struct TinyDicom {
    private var elements: [(group: Int, element: Int, bytes: [UInt8])] = []

    init(values: [Int]) {
        add(0x0008, 0x0060, "CS", "CT")
        number(0x0002, 1)
        add(0x0028, 0x0004, "CS", "MONOCHROME2")
        number(0x0010, 1)
        number(0x0011, values.count)
        for element in [0x0100, 0x0101] { number(element, 16) }
        number(0x0102, 15)
        number(0x0103, 1)
        let words = values.flatMap { Self.word($0) }
        let length = Self.word(words.count) + [0, 0]
        elements.append(
            (0x7FE0, 0x0010, Self.tag(0x7FE0, 0x0010) + Array("OW".utf8) + [0, 0] + length + words))
    }

    /// A short text, made even with a blank.
    mutating func add(_ group: Int, _ element: Int, _ kind: String, _ text: String) {
        let value = Array(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [0x20])
        append(group, element, kind, value)
    }

    mutating func replace(_ group: Int, _ element: Int, _ kind: String, _ text: String) {
        elements.removeAll { ($0.group, $0.element) == (group, element) }
        add(group, element, kind, text)
    }

    private mutating func number(_ element: Int, _ value: Int) {
        append(0x0028, element, "US", Self.word(value))
    }

    private mutating func append(_ group: Int, _ element: Int, _ kind: String, _ value: [UInt8]) {
        elements.append(
            (
                group, element,
                Self.tag(group, element) + Array(kind.utf8) + Self.word(value.count) + value
            ))
    }

    var bytes: [UInt8] {
        let syntax = Array("1.2.840.10008.1.2.1\0".utf8)
        let meta = Self.tag(0x0002, 0x0010) + Array("UI".utf8) + Self.word(syntax.count) + syntax
        let body = elements.sorted { ($0.group, $0.element) < ($1.group, $1.element) }
            .flatMap(\.bytes)
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta + body
    }

    private static func tag(_ group: Int, _ element: Int) -> [UInt8] { word(group) + word(element) }

    private static func word(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }
}
