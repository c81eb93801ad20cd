import Foundation

/// Unicode normalization form C.
enum UnicodeComposition {
    /// Whether the text is composed already because nothing in it could compose: no character
    /// from U+0300 on, where combining marks begin.
    static func isSurelyComposed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes where byte >= 0xCC { return false }
        return true
    }

    static func compose(_ text: String) -> String {
        text.precomposedStringWithCanonicalMapping
    }
}
