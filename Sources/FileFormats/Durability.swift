import Foundation

/// Waits until bytes are on the disk.
enum Durability {
    static func synchronize(_ descriptor: Int32, path: String) throws(FormatError) {
        guard fsync(descriptor) == 0 else { throw .system("cannot synchronise", file: path) }
    }

    /// Makes the names in a folder durable.
    static func synchronizeFolder(_ url: URL) throws(FormatError) {
        try synchronize(url.path, flags: O_RDONLY | O_DIRECTORY)
    }

    /// Makes a folder durable with everything below it.
    static func synchronizeTree(_ url: URL) throws(FormatError) {
        for path in try FolderListing.regularFiles(below: url) {
            try synchronize(url.appending(path: path).path, flags: O_RDONLY)
        }
        for path in try FolderListing.folders(below: url) {
            try synchronizeFolder(url.appending(path: path))
        }
        try synchronizeFolder(url)
    }

    private static func synchronize(_ path: String, flags: Int32) throws(FormatError) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open", file: path) }
        defer { close(descriptor) }
        try synchronize(descriptor, path: path)
    }
}
