/// The tokenizer of mteval-v13a.pl, as sacrebleu has it: its substitutions on the bytes of UTF-8,
/// all of whose patterns are ASCII.
enum Tokenizer13a {
    static func tokens(of text: String) -> [Word] {
        var bytes = Array(text.utf8)
        bytes.removeSubrange((WhiteSpace.words(of: bytes).last?.upperBound ?? 0)...)
        bytes = separateSymbols(unescaped(bytes))
        // The passes look at neighbours: a text begins and ends with a space.
        bytes = separatePointsAfterText([space] + bytes + [space])
        bytes = separatePointsBeforeText(bytes)
        bytes = separateDashesAfterDigits(bytes)
        return WhiteSpace.words(of: bytes).map { Word(bytes[$0]) }
    }

    private static let space = UInt8(ascii: " ")
    private static let dash = UInt8(ascii: "-")
    private static let lineFeed = UInt8(ascii: "\n")

    /// In this order: `&amp;lt;` becomes `<`, and `&amp;quot;` becomes `&quot;`.
    private static let entities = [
        ("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    private static let skipped = Array("<skipped>".utf8)

    /// Lines joined, hyphenated words with them, and SGML's entities resolved.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        if bytes.contains(skipped[0]) { bytes.replace(skipped, with: []) }
        if bytes.contains(lineFeed) { bytes = joinedLines(bytes) }
        guard bytes.contains(UInt8(ascii: "&")) else { return bytes }
        for (entity, character) in entities { bytes.replace(entity, with: character) }
        return bytes
    }

    private static func joinedLines(_ bytes: [UInt8]) -> [UInt8] {
        rewritten(bytes) { byte, next, result in
            if byte == dash, next == lineFeed { return 2 }
            result.append(byte == lineFeed ? space : byte)
            return 1
        }
    }

    /// All punctuation of ASCII but `'`, `,`, `-` and `.`.
    private static func separateSymbols(_ bytes: [UInt8]) -> [UInt8] {
        rewritten(bytes) { byte, _, result in
            switch byte {
            case 0x21...0x26, 0x28...0x2B, 0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
                result += [space, byte, space]
            default: result.append(byte)
            }
            return 1
        }
    }

    private static func separatePointsAfterText(_ bytes: [UInt8]) -> [UInt8] {
        rewritten(bytes) { byte, next, result in
            result.append(byte)
            guard let next, !isDigit(byte), isPoint(next) else { return 1 }
            result += [space, next, space]
            return 2
        }
    }

    private static func separatePointsBeforeText(_ bytes: [UInt8]) -> [UInt8] {
        rewritten(bytes) { byte, next, result in
            guard let next, isPoint(byte), !isDigit(next) else {
                result.append(byte)
                return 1
            }
            result += [space, byte, space, next]
            return 2
        }
    }

    private static func separateDashesAfterDigits(_ bytes: [UInt8]) -> [UInt8] {
        rewritten(bytes) { byte, next, result in
            result.append(byte)
            guard next == dash, isDigit(byte) else { return 1 }
            result += [space, dash, space]
            return 2
        }
    }

    /// One pass from left to right: `step` sees a byte and the next one, writes what becomes of
    /// them, and says how many it has dealt with.
    private static func rewritten(
        _ bytes: [UInt8], step: (UInt8, UInt8?, inout [UInt8]) -> Int
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count * 5 / 4)
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : nil
            index += step(bytes[index], next, &result)
        }
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isPoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
    }
}
