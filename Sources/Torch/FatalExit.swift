import Foundation

/// Ends the process with a sentence on standard error and status 71 (`EX_OSERR`).
func fatalExit(_ message: String) -> Never {
    FileHandle.standardError.write(Data("preceptor: \(message)\n".utf8))
    exit(71)
}
