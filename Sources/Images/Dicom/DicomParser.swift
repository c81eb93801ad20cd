/// Finds the elements of a data set (PS3.5 chapter 7) and looks at no value.
///
/// Every length is compared with what encloses it before anything follows from it.
struct DicomParser {
    private let bytes: [UInt8]
    /// How many more elements there may be, so that a file cannot ask for more memory than it is
    /// worth.
    private var budget = 2_000_000
    private static let deepest = 32

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The elements from `start` on: to `end`, or to a delimiter where the length is not declared,
    /// or, in `onlyGroup`, to the first of another group.
    ///
    /// - Returns: The elements and the place behind them.
    mutating func elements(
        in range: Range<Int>, _ encoding: DicomEncoding, depth: Int = 0,
        untilDelimiter: Bool = false, onlyGroup group: Int? = nil
    ) throws(ImageProblem) -> (elements: [DicomElement], end: Int) {
        guard depth < Self.deepest else { throw .corrupt("sequences are nested too deeply") }
        var elements: [DicomElement] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            if depth == 0, isPadding(offset) { return (elements, range.upperBound) }
            let tag = try readTag(offset, range.upperBound, encoding)
            if untilDelimiter && tag == .itemEnd { return (elements, offset + 8) }
            if let group, tag.group != group { break }
            guard tag.group != 0xFFFE else { throw .corrupt("a delimiter without a sequence") }
            guard tag.group != 0 else { throw .corrupt("a command within a file") }
            budget -= 1
            guard budget > 0 else { throw .tooLarge("too many elements") }
            let element = try element(at: offset, tag, range.upperBound, encoding, depth)
            elements.append(element)
            offset = element.range.upperBound
        }
        guard !untilDelimiter else { throw .truncated("an item does not end") }
        return (elements, offset)
    }

    private func reader(_ encoding: DicomEncoding) -> ByteReader {
        ByteReader(bytes: bytes, bigEndian: encoding.isBigEndian)
    }

    /// Some writers fill files up with zeros.
    private func isPadding(_ offset: Int) -> Bool {
        bytes[offset] == 0 && bytes[offset...].prefix(4).allSatisfy { $0 == 0 }
            && bytes[offset...].allSatisfy { $0 == 0 }
    }

    /// The tag of an element whose header, of eight bytes at least, ends before `end`.
    private func readTag(
        _ offset: Int, _ end: Int, _ encoding: DicomEncoding
    ) throws(ImageProblem) -> DicomTag {
        let reader = reader(encoding)
        guard offset + 8 <= end, let group = reader.u16(offset),
            let element = reader.u16(offset + 2)
        else { throw .truncated("an element does not end") }
        return DicomTag(group, element)
    }

    private mutating func element(
        at start: Int, _ tag: DicomTag, _ end: Int, _ encoding: DicomEncoding, _ depth: Int
    ) throws(ImageProblem) -> DicomElement {
        let header = try header(at: start, tag, end, encoding)
        guard let length = header.length else {
            return try unmeasured(tag, start, header, end, encoding, depth)
        }
        guard length <= end - header.value else {
            throw .truncated("\(tag) declares more bytes than there are")
        }
        let value = header.value..<(header.value + length)
        var content = DicomElement.Content.value
        if header.representation == .sequence {
            content = .items(try items(in: value, encoding, depth).items, encoding)
        } else if header.representation == nil || header.representation == .unknown,
            tag != .pixelData, let found = nested(value, encoding, depth)
        {
            content = found
        }
        return DicomElement(
            tag: tag, representation: header.representation, range: start..<value.upperBound,
            value: value, content: content)
    }

    /// What a header says; no length where it is left to delimiters.
    private struct Header {
        let representation: DicomRepresentation?
        let value: Int
        let length: Int?
    }

    private func header(
        at start: Int, _ tag: DicomTag, _ end: Int, _ encoding: DicomEncoding
    ) throws(ImageProblem) -> Header {
        let reader = reader(encoding)
        func measured(_ length: Int?, _ value: Int, _ kind: DicomRepresentation?)
            throws(ImageProblem) -> Header
        {
            guard let length, value <= end else { throw .truncated("an element does not end") }
            return Header(
                representation: kind, value: value, length: length == 0xFFFF_FFFF ? nil : length)
        }
        if encoding.isImplicit { return try measured(reader.u32(start + 4), start + 8, nil) }
        guard let kind = DicomRepresentation(reader.u8(start + 4), reader.u8(start + 5)) else {
            throw .corrupt("\(tag) has no value representation")
        }
        return kind.isLong
            ? try measured(reader.u32(start + 8), start + 12, kind)
            : try measured(reader.u16(start + 6), start + 8, kind)
    }

    /// A sequence or encapsulated pixels, which end with a delimiter.
    private mutating func unmeasured(
        _ tag: DicomTag, _ start: Int, _ header: Header, _ end: Int, _ encoding: DicomEncoding,
        _ depth: Int
    ) throws(ImageProblem) -> DicomElement {
        let rest = header.value..<end
        let content: DicomElement.Content
        let next: Int
        switch header.representation?.letters {
        case "OB", "OW":
            let found = try fragments(in: rest, encoding)
            (content, next) = (.fragments(found.ranges), found.end)
        case "SQ", nil:
            let found = try items(in: rest, encoding, depth, untilDelimiter: true)
            (content, next) = (.items(found.items, encoding), found.end)
        case "UN":
            let found = try items(in: rest, .implicit, depth, untilDelimiter: true)
            (content, next) = (.items(found.items, .implicit), found.end)
        default: throw .corrupt("\(tag) has no length")
        }
        return DicomElement(
            tag: tag, representation: header.representation, range: start..<next,
            value: header.value..<(next - 8), content: content)
    }

    /// A sequence that does not say so, as in implicit transfer syntaxes.
    private mutating func nested(
        _ value: Range<Int>, _ encoding: DicomEncoding, _ depth: Int
    ) -> DicomElement.Content? {
        let inner = encoding.isImplicit ? encoding : .implicit
        guard value.count >= 8, let tag = try? readTag(value.lowerBound, value.upperBound, inner),
            tag == .item,
            let found = try? items(in: value, inner, depth)
        else { return nil }
        return .items(found.items, inner)
    }

    private mutating func items(
        in range: Range<Int>, _ encoding: DicomEncoding, _ depth: Int, untilDelimiter: Bool = false
    ) throws(ImageProblem) -> (items: [[DicomElement]], end: Int) {
        var found: [[DicomElement]] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            let tag = try readTag(offset, range.upperBound, encoding)
            if untilDelimiter && tag == .sequenceEnd { return (found, offset + 8) }
            guard tag == .item, let length = reader(encoding).u32(offset + 4) else {
                throw .corrupt("a sequence holds something other than items")
            }
            let isOpen = length == 0xFFFF_FFFF
            guard offset + 8 <= range.upperBound, isOpen || length <= range.upperBound - offset - 8
            else { throw .truncated("an item declares more bytes than there are") }
            let inside = (offset + 8)..<(isOpen ? range.upperBound : offset + 8 + length)
            let part = try elements(in: inside, encoding, depth: depth + 1, untilDelimiter: isOpen)
            found.append(part.elements)
            offset = part.end
        }
        guard !untilDelimiter else { throw .truncated("a sequence does not end") }
        return (found, offset)
    }

    private mutating func fragments(
        in range: Range<Int>, _ encoding: DicomEncoding
    ) throws(ImageProblem) -> (ranges: [Range<Int>], end: Int) {
        var found: [Range<Int>] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            let tag = try readTag(offset, range.upperBound, encoding)
            guard let length = reader(encoding).u32(offset + 4) else { break }
            if tag == .sequenceEnd { return (found, offset + 8) }
            guard tag == .item else { throw .corrupt("pixel data hold something other than items") }
            budget -= 1
            guard length <= range.upperBound - offset - 8, budget > 0 else {
                throw .truncated("a piece of pixel data declares more bytes than there are")
            }
            found.append((offset + 8)..<(offset + 8 + length))
            offset += 8 + length
        }
        throw .truncated("pixel data do not end")
    }
}
