/// Where JSON is malformed, and why; holds no text of the document.
struct JSONFault: Error {
    /// In bytes, from the start of what was parsed.
    let offset: Int
    let reason: String

    /// The fault with its line and column, both from 1; columns count bytes.
    ///
    /// - Parameter firstLine: The number of the first line of `bytes`.
    func located(
        in bytes: UnsafeRawBufferPointer,
        file: String,
        firstLine: Int = 1
    ) -> FormatError {
        var line = firstLine
        var lineStart = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        return FormatError(
            file: file,
            item: "line \(line)",
            reason: "column \(offset - lineStart + 1): \(reason)"
        )
    }
}
