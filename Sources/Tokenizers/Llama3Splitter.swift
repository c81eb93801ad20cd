/// The pattern of Llama 3 (`digits` 3) and Qwen2 (`digits` 1), by hand.
///
/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|`
/// ` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
struct Llama3Splitter {
    private let scanner: ScalarScanner
    private let digits: Int

    init(_ scanner: ScalarScanner, digits: Int) {
        self.scanner = scanner
        self.digits = digits
    }

    /// Where the word that begins at `start` ends.
    @inline(__always)
    func end(of start: Int) -> Int {
        if let end = Contraction.end(scanner, start, ignoringCase: true) { return end }
        let (first, next) = scanner.scalar(at: start)
        if first == .letter { return scanner.skip(.letter, from: next) }
        if first == .number { return numberEnd(next) }
        if first != .newline {
            let second = scanner.class(at: next)
            if second == .letter { return scanner.skip(.letter, from: next) }
            let isSpace = scanner.bytes[start] == UInt8(ascii: " ")
            if first == .other || (isSpace && second == .other) { return markEnd(next) }
        }
        let run = WhitespaceRun(scanner, start)
        return run.newlineEnd ?? run.end
    }

    private func numberEnd(_ second: Int) -> Int {
        var position = second
        for _ in 1..<digits where scanner.class(at: position) == .number {
            position = scanner.scalar(at: position).next
        }
        return position
    }

    private func markEnd(_ position: Int) -> Int {
        scanner.skip(.newline, from: scanner.skip(.other, from: position))
    }
}
