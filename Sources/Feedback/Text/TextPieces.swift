/// Cuts a text into words, marks and stretches of white space, which together are the text.
enum TextPieces {
    static func split(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while let first = rest.first {
            let piece =
                first.isWhitespace
                ? rest.prefix { $0.isWhitespace }
                : isWord(first) ? rest.prefix { isWord($0) } : rest.prefix(1)
            pieces.append(String(piece))
            rest = rest[piece.endIndex...]
        }
        return pieces
    }

    /// How many of the pieces are not white space.
    static func wordCount(_ pieces: [String]) -> Int {
        pieces.lazy.filter { $0.first?.isWhitespace == false }.count
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "'\u{2019}-_".contains(character)
    }
}
