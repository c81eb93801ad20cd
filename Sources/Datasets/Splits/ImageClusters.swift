import FileFormats
import Records

/// Which records share an image: as validation splits see it, whatever the files are called, also
/// through others.
package struct ImageClusters: Sendable, Hashable {
    /// Of each record, counted from 0 in their order; nil for one without images.
    package let numbers: [Int?]
    /// A hash of all files' names and contents; nil without images.
    package let contentHash: String?

    /// - Parameter images: those of each record. Their files are read once.
    package init(of images: [[ImageReference]]) {
        let contents = ImageContent.keys(of: images.joined())
        let shown = images.filter { !$0.isEmpty }
        var keys = RecordGroups.keys(
            shown.map { $0.compactMap { contents[$0] } })[...]
        var known: [UInt64: Int] = [:]
        numbers = images.map { own in
            guard !own.isEmpty, let key = keys.popFirst() else { return nil }
            if known[key] == nil { known[key] = known.count }
            return known[key]
        }
        let lines = Set(contents.map { "\($0.key.path) \($0.value)\n" })
        var text = lines.sorted().joined()
        contentHash =
            contents.isEmpty
            ? nil : text.withUTF8 { Checksums.sha256(of: UnsafeRawBufferPointer($0)) }
    }
}
