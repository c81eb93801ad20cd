import FileFormats
import Records

/// Which records share an image: as validation splits see it, whatever the files are called, also
/// through others.
package struct ImageClusters: Sendable, Hashable {
    /// Of each record, counted from 0 in their order; nil for one without images.
    package let numbers: [Int?]
    /// A hash of all files' names and contents; nil without images.
    package let contentHash: String?

    /// - Parameters:
    ///   - images: those of each record. Their files are read once.
    ///   - groups: what records that belong together have in common besides; nil for nothing.
    package init(of images: [[ImageReference]], groups: [String?]? = nil) {
        let contents = ImageContent.keys(of: images.joined())
        let own = images.enumerated().map { place, shown in
            shown.compactMap { contents[$0] }
                + [groups?[place]].compactMap { $0.map { fnv1a(["group", $0]) } }
        }
        var keys = RecordGroups.keys(own.filter { !$0.isEmpty })[...]
        var known: [UInt64: Int] = [:]
        numbers = own.map { own in
            guard !own.isEmpty, let key = keys.popFirst() else { return nil }
            if known[key] == nil { known[key] = known.count }
            return known[key]
        }
        let lines = Set(contents.map { "\($0.key.path) \($0.value)\n" })
        contentHash =
            contents.isEmpty ? nil : Checksums.sha256(of: lines.sorted().joined())
    }
}
