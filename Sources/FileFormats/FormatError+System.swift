import Foundation

extension FormatError {
    /// The error of the system call that just failed (`errno`).
    static func system(_ action: String, file: String) -> FormatError {
        FormatError(file: file, reason: "\(action): \(String(cString: strerror(errno)))")
    }

    /// Another error as one of this target; a `FormatError` stays what it is.
    static func wrapping(_ error: any Error, file: String) -> FormatError {
        error as? FormatError ?? FormatError(file: file, reason: String(describing: error))
    }
}
