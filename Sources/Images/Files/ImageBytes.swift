import Foundation

/// The bytes of regular files.
enum ImageBytes {
    /// - Throws: `.missing`, `.notAFile`, `.unreadable`, `.empty`, `.tooLarge`.
    static func load(_ path: String, limits: ImageLimits) throws(ImageProblem) -> [UInt8] {
        try OpenFile(path, limits: limits).bytes()
    }

    /// Of a file of this program's own, from its start.
    ///
    /// - Throws: `.unreadable`.
    static func load(open file: Int32) throws(ImageProblem) -> [UInt8] {
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw .unreadable(systemReason()) }
        var (failed, count) = (false, Int(facts.st_size))
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, !failed {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled...])
                let taken = pread(file, rest.baseAddress, rest.count, off_t(filled))
                if taken > 0 {
                    filled += taken
                } else if taken == 0 {
                    // It became shorter meanwhile.
                    count = filled
                } else {
                    failed = errno != EINTR
                }
            }
        }
        guard !failed else { throw .unreadable(systemReason()) }
        return bytes
    }

    static func systemReason() -> String { String(cString: strerror(errno)) }
}
