import Foundation

/// Files that appear under their name only when they are whole and on the disk.
///
/// The bytes go to a hidden file beside the final one, which is synchronised, renamed into place
/// and made durable by synchronising the folder, which is made where it is missing. After a crash
/// the name holds the old file or the new one, nothing in between.
public enum AtomicFile {
    /// Replaces a file by what `body` writes.
    ///
    /// - Throws: What `body` throws (another error than a `FormatError` as the reason of one), or
    ///   the failure of the file system. The old file then stands as it was.
    public static func write(
        to url: URL,
        _ body: (FileSink) throws -> Void
    ) throws(FormatError) {
        let partial = TemporaryName.beside(url)
        do {
            try makeFolder(of: url)
            try fill(partial, body)
            try rename(partial, to: url)
        } catch {
            unlink(partial.path)
            throw .wrapping(error, file: url.path)
        }
        try Durability.synchronizeFolder(url.deletingLastPathComponent())
    }

    /// Replaces a file by these bytes.
    public static func write(_ data: Data, to url: URL) throws(FormatError) {
        try write(to: url) { sink in try sink.write(data) }
    }

    /// Replaces a file by this text, as UTF-8.
    public static func write(_ text: String, to url: URL) throws(FormatError) {
        try write(to: url) { sink in try sink.write(text) }
    }

    private static func makeFolder(of url: URL) throws {
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatError(file: folder.path, reason: "cannot be made a folder")
        }
    }

    private static func fill(_ url: URL, _ body: (FileSink) throws -> Void) throws {
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FormatError.system("cannot create", file: url.path) }
        defer { close(descriptor) }
        let sink = FileSink(descriptor: descriptor, path: url.path)
        try body(sink)
        try sink.flush()
        try Durability.synchronize(descriptor, path: url.path)
    }

    private static func rename(_ source: URL, to destination: URL) throws(FormatError) {
        guard Foundation.rename(source.path, destination.path) == 0 else {
            throw .system("cannot rename into place", file: destination.path)
        }
    }
}
