import Foundation
import Records

/// Strict JSON (RFC 8259) from bytes, quickly and without `Codable`.
///
/// Stricter than the RFC asks: a key that an object has twice is an error. Nesting is limited.
public enum JSONDocument {
    /// Reads a file that holds one JSON value.
    ///
    /// - Throws: `FormatError` with the line and column of the fault, never the text.
    public static func read(_ url: URL) throws(FormatError) -> JSONValue {
        let file = try MappedFile(url: url)
        return try parse(file.bytes, file: file.path)
    }

    /// Parses bytes that hold one JSON value; a byte order mark in front is skipped.
    ///
    /// - Parameter file: The name for error messages.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer,
        file: String
    ) throws(FormatError) -> JSONValue {
        do throws(JSONFault) {
            var parser = JSONParser(bytes)
            parser.skipByteOrderMark()
            let value = try parser.parseValue()
            try parser.expectEnd()
            return value
        } catch {
            throw error.located(in: bytes, file: file)
        }
    }
}
