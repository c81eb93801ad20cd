import Foundation
import Records

/// An image as a record writes it: a path, or an object with `path` and perhaps `frame` and
/// `window`, or a part of a turn (`{"type": "image", "image": ...}`).
struct WrittenImage {
    let value: JSONValue
    /// Where it stands, for faults.
    let column: String

    /// The path as it is written.
    ///
    /// - Throws: `RecordFault` when the image's bytes or an address in the web stand in its place.
    func path() throws(RecordFault) -> String {
        if hasBytes { throw fault("a path (images are read from files, bytes are not)") }
        guard let written = written?.string else { throw fault("the path of an image") }
        let path = written.hasPrefix("file://") ? URL(string: written)?.path : written
        guard let path, !path.contains("\0") else { throw fault("the path of an image") }
        if path.isEmpty { throw .empty(column: column) }
        // A picture written out in letters, most likely: it is not shown in an error.
        guard path.utf8.count <= 4096 else {
            throw fault("a path (there are \(path.utf8.count) bytes)")
        }
        guard !path.contains("://"), !path.hasPrefix("data:") else {
            throw fault("a path (images are read from files, not from addresses)")
        }
        return path
    }

    /// Whether it says which file it is; a part of a turn may only keep a place.
    var isNamed: Bool { written != nil || hasBytes }

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

    /// The value with the path: transformers' templates also know `url`, OpenAI's `image_url`.
    private var written: JSONValue? {
        if value.string != nil { return value }
        let places = [
            value["path"], value["image"]?["path"] ?? value["image"], value["url"],
            value["image_url"]?["url"] ?? value["image_url"],
        ]
        return places.lazy.compactMap { $0 }.first { $0 != .null }
    }

    private var hasBytes: Bool {
        [value["bytes"], value["base64"], value["image"]?["bytes"]]
            .contains { $0 != nil && $0 != .null }
    }

    private func fault(_ expected: String) -> RecordFault {
        .wrongShape(column: column, expected: expected)
    }
}
