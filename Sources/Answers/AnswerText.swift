/// A reply as words and marks, so that answers are found on word boundaries.
struct AnswerText {
    struct Token {
        enum Kind {
            /// Letters and digits, with hyphens and apostrophes between them.
            case word
            case mark
            case lineBreak
        }

        let kind: Kind
        let written: String
        /// In lower case.
        let word: String

        init(_ kind: Kind, _ written: String) {
            self.kind = kind
            self.written = written
            word = written.lowercased()
        }

        func isMark(_ marks: String) -> Bool { kind == .mark && marks.contains(written) }
    }

    let tokens: [Token]

    init(_ text: some StringProtocol) {
        var tokens: [Token] = []
        let scalars = Array(text.unicodeScalars)
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            if scalar.isWordScalar {
                let end = Self.endOfWord(in: scalars, from: place)
                tokens.append(Token(.word, Self.string(scalars[place..<end])))
                place = end
                continue
            }
            if scalar == "\n" || scalar == "\r" {
                tokens.append(Token(.lineBreak, "\n"))
            } else if !scalar.properties.isWhitespace {
                tokens.append(Token(.mark, String(scalar)))
            }
            place += 1
        }
        self.tokens = tokens
    }

    private static func endOfWord(in scalars: [Unicode.Scalar], from start: Int) -> Int {
        var end = start + 1
        while end < scalars.count {
            let joins =
                "-'\u{2019}".unicodeScalars.contains(scalars[end])
                && end + 1 < scalars.count && scalars[end + 1].isWordScalar
            guard scalars[end].isWordScalar || joins else { break }
            end += 1
        }
        return end
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}

extension AnswerText {
    /// The tokens without line breaks.
    var flat: [Token] { tokens.filter { $0.kind != .lineBreak } }

    /// The tokens of each line that is not empty.
    var lines: [ArraySlice<Token>] { tokens.split { $0.kind == .lineBreak } }

    /// The last sentence, or line, that has a word.
    var lastSentence: ArraySlice<Token> {
        let ends = tokens.split { $0.kind == .lineBreak || $0.isMark(".!?") }
        return ends.last { $0.contains { $0.kind == .word } } ?? []
    }
}

extension Unicode.Scalar {
    fileprivate var isWordScalar: Bool {
        if isASCII {
            return ("a"..."z").contains(self) || ("A"..."Z").contains(self)
                || ("0"..."9").contains(self)
        }
        return properties.isAlphabetic || properties.numericType != nil
    }
}
