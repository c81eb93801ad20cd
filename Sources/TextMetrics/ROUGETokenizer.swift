/// The words of rouge-score's default tokenizer: runs of a-z and 0-9 after Python's `str.lower`.
enum ROUGETokenizer {
    /// The words of each line.
    static func lines(of text: String) -> [[Word]] {
        var lines: [[Word]] = [[]]
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { lines[lines.count - 1].append(Word(word)) }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": word.append(UInt8(ascii: scalar))
            case "A"..."Z": word.append(UInt8(ascii: scalar) | 0x20)
            // Two characters besides whose lower case has a letter of ASCII; the dot above the
            // i is a character of its own.
            case "\u{212A}": word.append(UInt8(ascii: "k"))
            case "\u{130}":
                word.append(UInt8(ascii: "i"))
                end()
            default:
                end()
                if scalar == "\n" { lines.append([]) }
            }
        }
        end()
        return lines
    }
}
