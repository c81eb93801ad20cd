import Foundation
import Records

/// An image as a record writes it: a path, base64, or an object with `path` or `bytes` and perhaps
/// `frame` and `window`, or a part of a turn (`{"type": "image", "image": ...}`).
struct WrittenImage {
    let value: JSONValue
    /// Where it stands, for faults.
    let column: String

    /// What a record says of where an image is.
    enum Place {
        /// As it is written.
        case path(String)
        /// In this column of the record.
        case embedded(EmbeddedImage, column: String)

        /// For faults.
        var name: String {
            switch self {
            case .path(let path): path
            case .embedded(_, let column): "in column `\(column)`"
            }
        }

        /// Nil when there is no such file.
        func reference(in folder: ImageFolder) -> ImageReference? {
            switch self {
            case .path(let path): folder.file(path).map { ImageReference(path: $0) }
            case .embedded(let image, _):
                ImageReference(path: name, embedded: folder.shared(image))
            }
        }
    }

    /// Where it is.
    ///
    /// - Throws: `RecordFault` when it cannot be decoded, is no text, or an address in the web.
    func place() throws(RecordFault) -> Place {
        if let bytes {
            guard let text = bytes.string else {
                throw fault("an image whose bytes are text in base64")
            }
            return try embedded(text)
        }
        guard let text = written?.string else { throw fault("the path of an image, or base64") }
        // What cannot be read of a data: URI is told there.
        let isEncoded = text.isEncodedImage || text.hasPrefix("data:")
        return isEncoded ? try embedded(text) : .path(try path(text))
    }

    /// Whether it says which image it is; a part of a turn may only keep a place.
    var isNamed: Bool { written != nil || bytes != nil }

    /// The frame of a file that has several, from 0.
    func frame() throws(RecordFault) -> Int? {
        guard let value = value["frame"], value != .null else { return nil }
        guard let frame = value.integer, frame >= 0 else {
            throw fault("an image whose `frame` is a whole number from 0")
        }
        return frame
    }

    /// The grey values to show.
    func window() throws(RecordFault) -> ImageWindow? {
        guard let value = value["window"], value != .null else { return nil }
        guard let center = value["center"]?.number, let width = value["width"]?.number,
            center.isFinite, width.isFinite, width > 0
        else { throw fault("an image whose `window` has a center and a positive width") }
        return ImageWindow(center: center, width: width)
    }

    private func embedded(_ text: String) throws(RecordFault) -> Place {
        do throws(EncodedImage.Fault) {
            return .embedded(try EncodedImage(text).decoded(), column: column)
        } catch {
            throw .encodedImage(column: column, reason: error.reason)
        }
    }

    private func path(_ written: String) throws(RecordFault) -> String {
        let path = written.hasPrefix("file://") ? URL(string: written)?.path : written
        guard let path, !path.contains("\0") else { throw fault("the path of an image") }
        if path.isEmpty { throw .empty(column: column) }
        // An image written out in letters, most likely: it is not shown in an error.
        guard path.utf8.count <= 4096 else {
            throw fault("a path or base64 (there are \(path.utf8.count) bytes)")
        }
        guard !path.isLettersAlone else {
            throw .encodedImage(
                column: column, reason: "begins as no PNG, JPEG, WebP or DICOM file does")
        }
        guard !path.contains("://") else {
            throw fault("a path (images are read from files, not from addresses)")
        }
        return path
    }

    /// The value with the path: transformers' templates also know `url`, OpenAI's `image_url`,
    /// Anthropic's `source`.
    private var written: JSONValue? {
        if value.string != nil { return value }
        return Self.first([
            value["path"], value["image"]?["path"] ?? value["image"], value["url"],
            value["image_url"]?["url"] ?? value["image_url"], value["source"]?["url"],
        ])
    }

    /// Base64 by its place, whatever it begins with.
    private var bytes: JSONValue? {
        Self.first([
            value["bytes"], value["base64"], value["image"]?["bytes"], value["image"]?["base64"],
            value["source"]?["data"],
        ])
    }

    private static func first(_ values: [JSONValue?]) -> JSONValue? {
        values.lazy.compactMap { $0 }.first { $0 != .null }
    }

    private func fault(_ expected: String) -> RecordFault {
        .wrongShape(column: column, expected: expected)
    }
}
