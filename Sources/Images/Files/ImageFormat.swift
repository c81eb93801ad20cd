/// What a file is, by its first bytes.
package enum ImageFormat: String, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
    case webp = "WebP"
    case dicom = "DICOM"

    /// How many of them are looked at.
    static let needed = 256

    /// - Throws: `.empty`, `.unknownFormat`.
    init(of bytes: [UInt8]) throws(ImageProblem) {
        guard !bytes.isEmpty else { throw .empty }
        func has(_ text: StaticString, at offset: Int = 0) -> Bool {
            let end = offset + text.utf8CodeUnitCount
            return bytes.count >= end
                && text.withUTF8Buffer { bytes[offset..<end].elementsEqual($0) }
        }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has("RIFF") && has("WEBP", at: 8) {
            self = .webp
        } else if has("DICM", at: 128) || Self.startsDataSet(bytes) {
            self = .dicom
        } else if has("GIF8") {
            throw .unknownFormat("a GIF image")
        } else if has("BM") {
            throw .unknownFormat("a BMP image")
        } else if has("II*\0") || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A]) {
            throw .unknownFormat("a TIFF image")
        } else {
            throw .unknownFormat(nil)
        }
    }

    /// Whether a DICOM data set without its preamble, or without the mark behind it, may stand
    /// here: an element of group 2 or 8 with a plausible length.
    private static func startsDataSet(_ bytes: [UInt8]) -> Bool {
        let hasBlank = bytes.count > 136 && bytes[..<128].allSatisfy { $0 == 0 }
        let start = hasBlank ? 128 : 0
        guard bytes.count >= start + 8 else { return false }
        let head = bytes[start..<(start + 8)].map(Int.init)
        let isLittle = (head[0] == 2 || head[0] == 8) && head[1] == 0
        let isBig = head[0] == 0 && (head[1] == 2 || head[1] == 8)
        guard isLittle || isBig else { return false }
        let isExplicit = (4..<6).allSatisfy { (0x41...0x5A).contains(head[$0]) }
        // Elements at the beginning are short texts.
        return isExplicit || (isLittle && head[5] < 2 && head[6] == 0 && head[7] == 0)
    }
}
