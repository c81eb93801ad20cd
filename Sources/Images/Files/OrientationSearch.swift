/// What a container says about orientation, in the order in which Pillow believes it: EXIF first,
/// and XMP where EXIF is silent (`Image.getexif`).
struct OrientationSearch {
    /// A TIFF structure, possibly behind the six bytes of JPEG's marker.
    var exif: [UInt8]?
    var xmp: [UInt8]?

    init(_ bytes: [UInt8], _ format: ImageFormat) {
        switch format {
        case .jpeg: readJPEG(bytes)
        case .png: readPNG(bytes)
        case .webp: readWebP(bytes)
        case .dicom: break
        }
    }

    var orientation: Orientation {
        exif.flatMap(Self.inTIFF) ?? xmp.flatMap(Self.inXMP) ?? .upright
    }

    /// The tag in the first directory of a TIFF structure; nil where there is none.
    private static func inTIFF(_ data: [UInt8]) -> Orientation? {
        var data = data
        while data.starts(with: Array("Exif\0\0".utf8)) { data.removeFirst(6) }
        var reader = ByteReader(bytes: data)
        reader.bigEndian = reader.has("MM", at: 0)
        guard reader.has("MM", at: 0) || reader.has("II", at: 0), reader.u16(2) == 42,
            let start = reader.u32(4), let count = reader.u16(start)
        else { return nil }
        for entry in 0..<count {
            let offset = start + 2 + 12 * entry
            guard reader.u16(offset) == 0x0112 else { continue }
            guard let type = reader.u16(offset + 2), reader.u32(offset + 4) == 1 else { return nil }
            let value =
                switch type {
                case 3, 8: reader.u16(offset + 8)
                case 4, 9: reader.u32(offset + 8)
                default: Int?.none
                }
            // A number that means nothing still keeps XMP from being asked.
            return value.map { Orientation(rawValue: $0) ?? .upright }
        }
        return nil
    }

    /// Pillow's pattern: `tiff:Orientation(="|>)([0-9])`.
    private static func inXMP(_ data: [UInt8]) -> Orientation? {
        let key = Array("tiff:Orientation".utf8)
        let reader = ByteReader(bytes: data)
        var offset = 0
        while offset + key.count < data.count {
            defer { offset += 1 }
            guard data[offset] == key[0], reader.has("tiff:Orientation", at: offset) else {
                continue
            }
            let after = offset + key.count
            let digit = reader.has("=\"", at: after) ? after + 2 : after + 1
            guard digit == after + 2 || reader.has(">", at: after), let value = reader.u8(digit),
                (0x30...0x39).contains(value)
            else { continue }
            return Orientation(rawValue: value - 0x30) ?? .upright
        }
        return nil
    }
}
