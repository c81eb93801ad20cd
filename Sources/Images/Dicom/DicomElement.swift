/// An attribute of a data set, as places within the file's bytes.
struct DicomElement: Sendable {
    let tag: DicomTag
    /// nil where the transfer syntax leaves it out.
    let representation: DicomRepresentation?
    /// From its tag to the last byte, delimiters included.
    let range: Range<Int>
    /// Of the value alone.
    let value: Range<Int>
    let content: Content

    enum Content: Sendable {
        case value
        /// Of a sequence; its data sets in the encoding of the second.
        case items([[DicomElement]], DicomEncoding)
        /// Of encapsulated pixel data: the table of offsets, then pieces of frames.
        case fragments([Range<Int>])
    }

    var items: [[DicomElement]] {
        if case .items(let items, _) = content { items } else { [] }
    }
}

/// How a data set is written.
struct DicomEncoding: Hashable, Sendable {
    var isImplicit: Bool
    var isBigEndian: Bool

    static let implicit = DicomEncoding(isImplicit: true, isBigEndian: false)
    static let explicit = DicomEncoding(isImplicit: false, isBigEndian: false)
    static let explicitBig = DicomEncoding(isImplicit: false, isBigEndian: true)
}
