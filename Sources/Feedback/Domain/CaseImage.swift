import Records

/// An image of a case: a file in the workbench's folder of images, named by its content.
package struct CaseImage: Codable, Sendable, Hashable {
    /// The SHA-256 of the file, in hexadecimal digits.
    package let hash: String
    package let kind: ImageKind

    package init(hash: String, kind: ImageKind) {
        (self.hash, self.kind) = (hash, kind)
    }

    /// The file's name in the folder.
    package var fileName: String { "\(hash).\(kind.rawValue)" }

    /// What training records call it: from the workbench's data folder, or as `image_root` the
    /// folder of images itself.
    package var path: String { "images/\(fileName)" }
}

extension KeyedDecodingContainer {
    /// A state file of an earlier version knows no images.
    func decode(_ type: [CaseImage].Type, forKey key: Key) throws -> [CaseImage] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}

/// What an image file is, by its first bytes and not by its name.
package enum ImageKind: String, Codable, Sendable, Hashable, CaseIterable {
    case png, jpeg, webp, dicom

    /// How many bytes tell.
    static let headBytes = 132

    /// Nil for anything else. Signatures: PNG (W3C, 5.2), JPEG (ITU T.81, B.1.1.3), WebP (RFC
    /// 9649, 2.4), DICOM (PS3.10, 7.1).
    package init?(of head: some Collection<UInt8>) {
        let head = Array(head.prefix(Self.headBytes))
        func holds(_ text: String, at place: Int) -> Bool {
            head.dropFirst(place).starts(with: text.utf8)
        }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if holds("RIFF", at: 0), holds("WEBP", at: 8) {
            self = .webp
        } else if holds("DICM", at: 128) {
            self = .dicom
        } else {
            return nil
        }
    }

    /// The media type (RFC 2046) that browsers are told.
    package var contentType: String {
        switch self {
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .webp: "image/webp"
        case .dicom: "application/dicom"
        }
    }
}
