import Foundation

/// Text from bytes, without repair.
enum StrictUTF8 {
    /// The text, or nil where the bytes are not valid UTF-8.
    static func string(_ bytes: UnsafeRawBufferPointer) -> String? {
        var text = String(decoding: bytes, as: UTF8.self)
        // Decoding replaces what is invalid by U+FFFD, so it is invalid exactly if bytes differ.
        let isSame = text.withUTF8 { utf8 in
            guard utf8.count == bytes.count else { return false }
            guard let left = utf8.baseAddress, let right = bytes.baseAddress else { return true }
            return memcmp(left, right, bytes.count) == 0
        }
        return isSame ? text : nil
    }
}
