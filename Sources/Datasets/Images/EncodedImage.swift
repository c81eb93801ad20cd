import FileFormats
import Foundation
import Records

/// An image that is written out in base64, alone or as a `data:` URI. Its letters are never shown.
struct EncodedImage {
    /// More is no image that a model is asked about, and would be held in memory.
    static let mostBytes = 64 << 20

    private let letters: Substring

    /// What is wrong, as the end of a sentence about the image.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// Letters of base64, with or without the head of a `data:` URI.
    ///
    /// - Throws: ``Fault`` for a `data:` URI of another kind.
    init(_ written: String) throws(Fault) {
        guard written.hasPrefix("data:") else {
            letters = written[...]
            return
        }
        // The head is short; what has none is not searched through.
        guard let comma = written.utf8.prefix(256).firstIndex(of: UInt8(ascii: ",")),
            written[..<comma].lowercased().hasSuffix(";base64")
        else { throw Fault(reason: "is a data: URI without base64") }
        letters = written[written.index(after: comma)...]
    }

    /// The image as it would stand in a file.
    ///
    /// - Throws: ``Fault`` when it is too large, empty, or no base64.
    func decoded() throws(Fault) -> EmbeddedImage {
        let clean = letters.utf8.filter { !$0.isSpaceWithinBase64 }
        let size = clean.count / 4 * 3
        guard size <= Self.mostBytes else {
            throw Fault(reason: "has \(size >> 20) MiB; at most \(Self.mostBytes >> 20)")
        }
        guard !clean.isEmpty else { throw Fault(reason: "is empty") }
        guard let data = Data(base64Encoded: Data(clean)) else {
            throw Fault(reason: "is not valid base64")
        }
        let bytes = [UInt8](data)
        let digest = bytes.withUnsafeBytes { Checksums.sha256(of: $0) }
        return EmbeddedImage(bytes: bytes, sha256: digest)
    }
}
