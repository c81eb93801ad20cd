import CImages
import Crypto
import Foundation
import Records

/// A regular file of an allowed size, open to be read.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    let count: Int

    /// - Throws: `.missing`, `.notAFile`, `.unreadable`, `.empty`, `.tooLarge`.
    init(_ path: String, limits: ImageLimits) throws(ImageProblem) {
        // A pipe without a writer would otherwise be waited for.
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .missing : .unreadable(ImageBytes.systemReason())
        }
        do throws(ImageProblem) {
            count = try Self.size(of: file, limits: limits)
        } catch {
            close(file)
            throw error
        }
        descriptor = file
    }

    /// What a reference means: a file, or one without a name that holds the image's own bytes.
    ///
    /// - Throws: `.missing`, `.notAFile`, `.unreadable`, `.empty`, `.tooLarge`, `.outOfMemory`.
    init(_ reference: ImageReference, limits: ImageLimits) throws(ImageProblem) {
        guard let embedded = reference.embedded else {
            try self.init(reference.path, limits: limits)
            return
        }
        try limits.check(bytes: embedded.bytes.count)
        try self.init(holding: embedded.bytes)
    }

    /// A file without a name that holds these bytes.
    ///
    /// - Throws: `.empty`, `.outOfMemory`.
    init(holding bytes: [UInt8]) throws(ImageProblem) {
        guard !bytes.isEmpty else { throw .empty }
        let file = ci_file_of_bytes(bytes, bytes.count)
        guard file >= 0 else { throw .outOfMemory }
        (descriptor, count) = (file, bytes.count)
    }

    deinit { close(descriptor) }

    private static func size(
        of file: Int32, limits: ImageLimits
    ) throws(ImageProblem) -> Int {
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw .unreadable(ImageBytes.systemReason()) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let size = Int(facts.st_size)
        guard size > 0 else { throw .empty }
        try limits.check(bytes: size)
        return size
    }

    /// At most so many bytes, from the first or a later one.
    ///
    /// - Throws: `.unreadable`.
    func bytes(upTo limit: Int = .max, from start: Int = 0) throws(ImageProblem) -> [UInt8] {
        let wanted = min(count - start, limit)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let place = buffer.baseAddress?.advanced(by: filled)
                let taken = pread(descriptor, place, wanted - filled, off_t(start + filled))
                if taken < 0 && errno == EINTR { continue }
                failed = taken < 0
                if taken <= 0 { break }
                filled += taken
            }
        }
        if failed { throw .unreadable(ImageBytes.systemReason()) }
        return bytes
    }

    /// SHA-256 of all bytes.
    ///
    /// - Throws: `.unreadable`.
    func digest() throws(ImageProblem) -> SHA256.Digest {
        var hash = SHA256()
        for start in stride(from: 0, to: count, by: 1 << 20) {
            hash.update(data: try bytes(upTo: 1 << 20, from: start))
        }
        return hash.finalize()
    }
}
