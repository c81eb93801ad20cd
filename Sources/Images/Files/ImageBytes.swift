import Foundation

/// The bytes of regular files.
enum ImageBytes {
    /// - Throws: `.missing`, `.notAFile`, `.unreadable`, `.empty`, `.tooLarge`.
    static func load(_ path: String, limits: ImageLimits) throws(ImageProblem) -> [UInt8] {
        try OpenFile(path, limits: limits).bytes()
    }

    static func systemReason() -> String { String(cString: strerror(errno)) }
}
