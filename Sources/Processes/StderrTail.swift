import Subprocess

/// The end of what a program writes to its standard error.
enum StderrTail {
    static let lines = 12
    static let bytes = 4096

    /// Reads to the end and keeps the last lines, at most 12 and 4 KiB.
    static func read(_ output: SubprocessOutputSequence) async -> String {
        var tail: [UInt8] = []
        do {
            for try await buffer in output {
                buffer.withUnsafeBytes { tail.append(contentsOf: $0) }
                if tail.count > 2 * bytes { tail.removeFirst(tail.count - bytes) }
            }
        } catch {
            // What came before the failure is all there is to tell.
        }
        return text(of: tail)
    }

    static func text(of tail: [UInt8]) -> String {
        // A progress line returns to its own start and is drawn over itself.
        String(decoding: tail.suffix(bytes), as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .map { $0.filter { $0.unicodeScalars.allSatisfy { $0.value >= 32 } } }
            .filter { !$0.isEmpty }
            .suffix(lines).joined(separator: "\n")
    }
}
