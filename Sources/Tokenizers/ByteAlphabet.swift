/// GPT-2's alphabet: one printable character for each byte, so that vocabularies are text.
///
/// Printable Latin-1 stands for itself, the 68 other bytes for U+0100 and on, in order.
enum ByteAlphabet {
    /// The character's code for each byte.
    static let codes: [UInt16] = {
        var next: UInt16 = 0x100
        return (0...255).map { (byte: UInt16) in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
            default:
                next += 1
                return next - 1
            }
        }
    }()

    /// The byte for each code, -1 for a code outside the alphabet.
    static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        for (byte, code) in codes.enumerated() { table[Int(code)] = Int16(byte) }
        return table
    }()

    /// Appends the bytes that a token's characters stand for.
    ///
    /// - Returns: false, with nothing appended, when a character is not of the alphabet.
    static func decode(
        _ text: UnsafeBufferPointer<UInt8>,
        into output: inout [UInt8],
        table: [Int16]
    ) -> Bool {
        let start = output.count
        var index = 0
        while index < text.count {
            var code = Int(text[index])
            index += 1
            if code >= 0x80 {
                guard code & 0xE0 == 0xC0, index < text.count else { return undo(&output, start) }
                code = (code & 0x1F) << 6 | Int(text[index] & 0x3F)
                index += 1
            }
            guard code < table.count, table[code] >= 0 else { return undo(&output, start) }
            output.append(UInt8(truncatingIfNeeded: table[code]))
        }
        return true
    }

    /// The text that stands for bytes.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            text.append(Unicode.Scalar(codes[Int(byte)]) ?? "\u{FFFD}")
        }
        return String(text)
    }

    private static func undo(_ output: inout [UInt8], _ start: Int) -> Bool {
        output.removeSubrange(start...)
        return false
    }
}
