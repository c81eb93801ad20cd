import Foundation

/// A file mapped into memory for reading; pages are loaded when they are touched.
///
/// The file must not be truncated while it is mapped. Files that this package writes never are:
/// they are replaced by renaming, which leaves the mapped one intact.
public final class MappedFile: Sendable {
    /// The path of the file, for error messages.
    public let path: String
    /// The size of the file in bytes.
    public let count: Int

    // Never written to and unmapped only in deinit.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer?

    /// Maps a regular file.
    ///
    /// - Throws: `FormatError` where the file is missing, unreadable or not a regular file.
    public init(url: URL) throws(FormatError) {
        let path = url.path
        // Without O_NONBLOCK opening a named pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system("cannot open", file: path) }
        defer { close(descriptor) }
        let count = try Self.size(descriptor, path: path)
        self.start = try Self.map(descriptor, count: count, path: path)
        self.count = count
        self.path = path
    }

    deinit {
        if let start { munmap(start, count) }
    }

    /// All bytes of the file, valid as long as this object lives.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: start, count: count)
    }

    /// A part of the file, valid as long as this object lives.
    ///
    /// - Parameters:
    ///   - offset: The first byte, counted from the start of the file.
    ///   - count: The number of bytes.
    ///   - item: What the bytes are, for the error message.
    /// - Throws: `FormatError` where the range is not inside the file.
    public func bytes(
        at offset: Int,
        count: Int,
        item: String? = nil
    ) throws(FormatError) -> UnsafeRawBufferPointer {
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard offset >= 0, count >= 0, !overflow, end <= self.count else {
            throw FormatError(
                file: path,
                item: item,
                reason: "\(count) bytes at offset \(offset) are outside the \(self.count) bytes"
            )
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }

    private static func size(_ descriptor: Int32, path: String) throws(FormatError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("cannot stat", file: path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw FormatError(file: path, reason: "is a folder, not a file")
        default: throw FormatError(file: path, reason: "is not a regular file")
        }
    }

    private static func map(
        _ descriptor: Int32,
        count: Int,
        path: String
    ) throws(FormatError) -> UnsafeMutableRawPointer? {
        // POSIX does not map nothing.
        guard count > 0 else { return nil }
        let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let start, start != MAP_FAILED else { throw .system("cannot map", file: path) }
        return start
    }
}
