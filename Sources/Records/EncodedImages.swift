import Foundation

extension String {
    /// Whether a text that may be a path is an image instead: a `data:` URI, or base64 that begins
    /// as PNG, JPEG, WebP or DICOM do.
    package var isEncodedImage: Bool {
        if isDataURI { return true }
        // DICOM's mark ends with the 176th letter; lines are broken after 64 or 76.
        let beginning = utf8.prefix(256).filter { !$0.isSpaceWithinBase64 }.prefix(176)
        let whole = beginning.prefix(beginning.count / 4 * 4)
        guard whole.count >= 24, let bytes = Data(base64Encoded: Data(whole)) else { return false }
        return Self.magics.contains { bytes.dropFirst($0.place).starts(with: $0.bytes) }
    }

    /// Whether it begins as a URI that holds its data in base64.
    private var isDataURI: Bool {
        guard hasPrefix("data:") else { return false }
        return String(decoding: utf8.prefix(256), as: UTF8.self).lowercased().contains(";base64,")
    }

    /// Whether it can be nothing but letters of base64: no path, and not to be shown.
    package var isLettersAlone: Bool {
        utf8.count > 64
            && utf8.allSatisfy { letter in
                switch letter {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
                    UInt8(ascii: "="):
                    true
                default: letter.isSpaceWithinBase64
                }
            }
    }

    /// Whether an image is written out somewhere in a text.
    package var hasEncodedImage: Bool {
        if !hasPrefix("data:"), isEncodedImage { return true }
        return utf8.count > 32 && contains("data:image/") && contains(";base64,")
    }

    private static let magics: [(place: Int, bytes: [UInt8])] = [
        (0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), (0, [0xFF, 0xD8, 0xFF]),
        (8, Array("WEBP".utf8)), (128, Array("DICM".utf8)),
    ]
}

extension UInt8 {
    /// White space of ASCII, which base64 may be broken by.
    package var isSpaceWithinBase64: Bool { self == 32 || (9...13).contains(self) }
}
