import Foundation

/// Files that appear under their name only when they are whole.
enum NewFile {
    /// - Throws: `.exists`, `.unwritable`.
    static func write(
        _ bytes: [UInt8], to path: String, overwrite: Bool, mode: mode_t = 0o644
    ) throws(ImageProblem) {
        let partial = path + ".\(UUID().uuidString)\(ending)"
        do {
            try fill(partial, bytes, mode)
            try place(partial, at: path, overwrite: overwrite)
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static let ending = ".part"

    /// Removes what a process that was killed left half written of files of these names.
    static func removeRemains(of names: Set<String>, in folder: URL) {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in found where name.hasSuffix(ending) {
            let parts = name.dropLast(ending.count)
            guard let point = parts.lastIndex(of: "."),
                UUID(uuidString: String(parts[parts.index(after: point)...])) != nil,
                names.contains(String(parts[..<point]))
            else { continue }
            unlink(folder.appending(path: name).path)
        }
    }

    private static func fill(
        _ path: String, _ bytes: [UInt8], _ mode: mode_t
    ) throws(ImageProblem) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
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
