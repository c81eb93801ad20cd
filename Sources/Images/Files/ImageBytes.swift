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
        var taken = 0
        let count = Int(facts.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            taken = pread(file, buffer.baseAddress, count, 0)
            filled = max(0, taken)
        }
        guard taken >= 0 else { throw .unreadable(systemReason()) }
        return bytes
    }

    static func systemReason() -> String { String(cString: strerror(errno)) }
}
