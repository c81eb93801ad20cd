/// GPT-2's pattern, by hand.
///
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
struct GPT2Splitter {
    private let scanner: ScalarScanner

    init(_ scanner: ScalarScanner) {
        self.scanner = scanner
    }

    /// Where the word that begins at `start` ends.
    @inline(__always)
    func end(of start: Int) -> Int {
        if let end = Contraction.end(scanner, start, ignoringCase: false) { return end }
        var (found, next) = scanner.scalar(at: start)
        if scanner.bytes[start] == UInt8(ascii: " "), next < scanner.end {
            let second = scanner.scalar(at: next)
            if !second.class.isWhitespace { (found, next) = second }
        }
        if found.isWhitespace { return WhitespaceRun(scanner, start).end }
        return scanner.skip(found, from: next)
    }
}

/// What follows an apostrophe: `'s|'t|'re|'ve|'m|'ll|'d`.
enum Contraction {
    @inline(__always)
    static func end(_ scanner: ScalarScanner, _ start: Int, ignoringCase: Bool) -> Int? {
        guard scanner.bytes[start] == UInt8(ascii: "'"), start + 1 < scanner.end else {
            return nil
        }
        return suffixEnd(scanner, start + 1, fold: ignoringCase ? 0x20 : 0)
    }

    private static func suffixEnd(
        _ scanner: ScalarScanner,
        _ start: Int,
        fold: UInt8
    ) -> Int? {
        let first = scanner.bytes[start]
        let second = start + 1 < scanner.end ? scanner.bytes[start + 1] : 0
        switch (first | fold, second | fold) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
            (UInt8(ascii: "d"), _):
            return start + 1
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 2
        default:
            // The long s is an s to whoever ignores case.
            return fold != 0 && first == 0xC5 && second == 0xBF ? start + 2 : nil
        }
    }
}

/// A run of whitespace, split as `\s+(?!\S)|\s+` splits it.
struct WhitespaceRun {
    /// All of it at the end of the text, all but the last character before a word; a single one
    /// stands alone.
    let end: Int
    /// Behind the last line break in the run.
    let newlineEnd: Int?

    @inline(__always)
    init(_ scanner: ScalarScanner, _ start: Int) {
        var position = start
        var last = start
        var newlineEnd: Int?
        while position < scanner.end {
            let (found, next) = scanner.scalar(at: position)
            guard found.isWhitespace else { break }
            if found == .newline { newlineEnd = next }
            last = position
            position = next
        }
        self.newlineEnd = newlineEnd
        end = position == scanner.end || last == start ? position : last
    }
}
