import FileFormats
import Foundation

/// A file that only grows; each piece goes to the system at once, so that a killed process loses
/// none.
final class AppendedFile {
    private let descriptor: Int32
    private let path: String

    /// Opens a file for appending; a new one must not exist yet.
    init(_ url: URL, new: Bool) throws(FormatError) {
        path = url.path
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | (new ? O_EXCL : 0)
        descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { throw Self.failure("cannot open", path) }
    }

    deinit { close(descriptor) }

    func append(_ bytes: [UInt8]) throws(FormatError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure("cannot write", path) }
            start += count
        }
    }

    /// Returns when everything appended is on the disk.
    func synchronize() throws(FormatError) {
        guard fsync(descriptor) == 0 else { throw Self.failure("cannot synchronise", path) }
    }

    private static func failure(_ action: String, _ path: String) -> FormatError {
        FormatError(file: path, reason: "\(action): \(String(cString: strerror(errno)))")
    }
}
