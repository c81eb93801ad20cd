import Foundation
import Records
import Synchronization

/// Where the images of a file's records lie, and how they are found by the paths that it has.
///
/// A path counts from the root. Data sets are irregular; what is not there as it is written is
/// looked for, the first that exists,
/// 1. in the folder `images` of the root: VQA-RAD and LLaVA's data name files alone;
/// 2. without its own first folder, where that is called `images` in any letter case: Med-R1's
///    `Images/...`, when the root is that folder;
/// 3. as written, then by 1 and by 2, whatever the letter case and the white space of the names
///    (OmniMedVQA), when no more than one file has such a name.
public struct ImageFolder: Sendable {
    /// Where relative paths count from.
    public let root: String
    /// The column that has them, where it is none of those that are read anyway.
    public let column: String?
    private let index = FolderIndex()
    private let embedded = SharedImages()

    /// The images of a folder.
    public init(_ root: URL, column: String? = nil) {
        self.column = column
        self.root = root.absoluteURL.path(percentEncoded: false).withoutTrailingSlash
    }

    /// The file; nil when there is none.
    func file(_ written: String) -> String? {
        let candidates = candidates(written)
        for (folder, path) in candidates {
            let exact = folder + "/" + path
            if Self.isFile(exact) { return exact }
        }
        for (folder, path) in candidates {
            if let found = index.path(path, below: folder), Self.isFile(found) { return found }
        }
        return nil
    }

    /// The same image, with the bytes of the first of those that are equal: many records may ask
    /// about one.
    func shared(_ image: EmbeddedImage) -> EmbeddedImage { embedded.shared(image) }

    private func candidates(_ written: String) -> [(folder: String, path: String)] {
        if written.hasPrefix("/") { return [("", String(written.drop { $0 == "/" }))] }
        var candidates = [(root, written), (root + "/images", written)]
        let steps = written.split(separator: "/", omittingEmptySubsequences: true)
            .drop { $0 == "." }
        if steps.count > 1, steps.first?.lowercased() == "images" {
            candidates.append((root, steps.dropFirst().joined(separator: "/")))
        }
        return candidates
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && !isFolder.boolValue
    }
}

/// Images that stand in records, each held once.
private final class SharedImages: Sendable {
    private let known = Mutex<Set<EmbeddedImage>>([])

    func shared(_ image: EmbeddedImage) -> EmbeddedImage {
        known.withLock { $0.insert(image).memberAfterInsert }
    }
}

extension ImageFolder: Hashable {
    public static func == (one: ImageFolder, other: ImageFolder) -> Bool {
        one.root == other.root && one.column == other.column
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(root)
        hasher.combine(column)
    }
}

extension String {
    /// The root folder becomes nothing, so that a slash and a path may always follow.
    fileprivate var withoutTrailingSlash: String {
        var text = self
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
