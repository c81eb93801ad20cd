import Foundation

/// The bytes of regular files.
enum ImageBytes {
    /// - Throws: `.missing`, `.notAFile`, `.unreadable`, `.empty`, `.tooLarge`.
    static func load(_ path: String, limits: ImageLimits) throws(ImageProblem) -> [UInt8] {
        // A pipe without a writer would otherwise be waited for.
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(systemReason())
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw .unreadable(systemReason()) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let size = Int(facts.st_size)
        guard size > 0 else { throw .empty }
        guard size <= limits.fileBytes else {
            throw .tooLarge("\(size >> 20) MiB; at most \(limits.fileBytes >> 20)")
        }
        return try contents(of: file, count: size)
    }

    private static func contents(of file: Int32, count: Int) throws(ImageProblem) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let taken = read(file, buffer.baseAddress?.advanced(by: filled), count - filled)
                if taken < 0 && errno == EINTR { continue }
                failed = taken < 0
                if taken <= 0 { break }
                filled += taken
            }
        }
        if failed { throw .unreadable(systemReason()) }
        return bytes
    }

    static func systemReason() -> String { String(cString: strerror(errno)) }
}
