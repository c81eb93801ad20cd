import FileFormats
import Foundation
import Records

/// One text for one value: sorted keys, no spaces.
enum CanonicalJSON {
    /// - Throws: `EncodingError` for a number that JSON does not have.
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder.line.encode(value), as: UTF8.self)
    }

    /// - Throws: `FormatError` with the column of the fault.
    static func value(_ text: String) throws(FormatError) -> JSONValue {
        var text = text
        do {
            return try text.withUTF8 { bytes in
                try JSONDocument.parse(UnsafeRawBufferPointer(bytes), file: "JSON")
            }
        } catch let error as FormatError {
            throw error
        } catch {
            throw FormatError(file: "JSON", reason: "cannot be read")
        }
    }
}
