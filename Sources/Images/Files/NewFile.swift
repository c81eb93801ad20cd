import Foundation

/// Files that appear under their name only when they are whole.
enum NewFile {
    /// - Throws: `.exists`, `.unwritable`.
    static func write(
        _ bytes: [UInt8], to path: String, overwrite: Bool
    ) throws(ImageProblem) {
        let partial = path + ".\(UUID().uuidString).part"
        do {
            try fill(partial, bytes)
            try place(partial, at: path, overwrite: overwrite)
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static func fill(_ path: String, _ bytes: [UInt8]) throws(ImageProblem) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .unwritable(ImageBytes.systemReason()) }
        defer { close(file) }
        var failed = false
        bytes.withUnsafeBufferPointer { buffer in
            var done = 0
            while done < buffer.count, !failed {
                let taken = Foundation.write(
                    file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if taken < 0 && errno == EINTR { continue }
                failed = taken <= 0
                done += max(0, taken)
            }
        }
        guard !failed, fsync(file) == 0 else { throw .unwritable(ImageBytes.systemReason()) }
    }

    /// A second name fails where the first exists, which renaming would not.
    private static func place(
        _ partial: String, at path: String, overwrite: Bool
    ) throws(ImageProblem) {
        if overwrite {
            guard rename(partial, path) == 0 else { throw .unwritable(ImageBytes.systemReason()) }
        } else {
            guard link(partial, path) == 0 else {
                throw errno == EEXIST ? .exists : .unwritable(ImageBytes.systemReason())
            }
            unlink(partial)
        }
    }
}
