/// What a file is, by its first bytes.
package enum ImageFormat: String, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
    case webp = "WebP"
    case dicom = "DICOM"

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
        } else if has("DICM", at: 128) {
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
}
