/// Writes elements of a data set in one encoding.
struct DicomWriter {
    let encoding: DicomEncoding
    private(set) var bytes: [UInt8] = []

    init(_ encoding: DicomEncoding) { self.encoding = encoding }

    /// An element as it stands in a file.
    mutating func copy(_ source: ArraySlice<UInt8>) { bytes += source }

    mutating func write(_ tag: DicomTag, _ representation: DicomRepresentation?, _ value: [UInt8]) {
        write(tag)
        let length = value.count
        if encoding.isImplicit {
            write(length, bytes: 4)
        } else {
            let kind = representation ?? .unknown
            bytes += Array(kind.letters.utf8)
            if kind.isLong { bytes += [0, 0] }
            write(length, bytes: kind.isLong ? 4 : 2)
        }
        bytes += value
    }

    /// Text of even length, padded as its representation wants.
    mutating func write(_ tag: DicomTag, _ representation: DicomRepresentation, text: String) {
        let padding: UInt8 = representation.letters == "UI" ? 0 : 0x20
        let value = Array(text.utf8)
        write(tag, representation, value.count % 2 == 0 ? value : value + [padding])
    }

    /// A sequence of data sets that are encoded already.
    mutating func write(
        _ tag: DicomTag, _ representation: DicomRepresentation?, items: [[UInt8]]
    ) {
        var inner = DicomWriter(encoding)
        for item in items {
            inner.write(.item)
            inner.write(item.count, bytes: 4)
            inner.bytes += item
        }
        write(tag, representation, inner.bytes)
    }

    private mutating func write(_ tag: DicomTag) {
        write(tag.group, bytes: 2)
        write(tag.element, bytes: 2)
    }

    private mutating func write(_ value: Int, bytes count: Int) {
        let order = encoding.isBigEndian ? Array((0..<count).reversed()) : Array(0..<count)
        bytes += order.map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
