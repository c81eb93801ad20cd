import Foundation

/// Folders that appear under their name only when everything in them is whole and on the disk.
public enum AtomicFolder {
    /// Replaces a folder by the one that `body` fills.
    ///
    /// `body` gets a new, empty, hidden folder beside the final one. A crash leaves the old folder
    /// or the new one under the name, and perhaps a hidden `.partial` folder beside it. (Where the
    /// file system cannot exchange two names at once, a crash at the moment of replacement may
    /// leave the old folder under its hidden name only.)
    ///
    /// - Throws: What `body` throws (another error than a `FormatError` as the reason of one), or
    ///   the failure of the file system. The old folder then stands as it was.
    public static func write(to url: URL, _ body: (URL) throws -> Void) throws(FormatError) {
        let partial = TemporaryName.beside(url)
        defer { try? FileManager.default.removeItem(at: partial) }
        do {
            try FileManager.default.createDirectory(
                at: partial,
                withIntermediateDirectories: false
            )
            try body(partial)
        } catch {
            throw .wrapping(error, file: url.path)
        }
        try Durability.synchronizeTree(partial)
        try FolderExchange.move(partial, to: url)
        try Durability.synchronizeFolder(url.deletingLastPathComponent())
    }
}
