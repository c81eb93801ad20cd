import Answers

/// A free answer as VQA's evaluation compares it: lower case, without most marks and articles,
/// numbers up to ten as digits, contractions with their apostrophes.
///
/// The steps are those of the published script (`vqaEval.py`: `processPunctuation`, then
/// `processDigitArticle`), which LLaVA-Med takes over; what looks odd is how that script is.
///
/// Source: Antol et al., "VQA: Visual Question Answering" (2015), evaluation code of VQA v2.
public struct OpenAnswer: Sendable, Hashable {
    /// Its words, in order.
    public let words: [String]

    /// An answer from what was written.
    public init(_ text: String) {
        let line = text.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }
        let words = Self.words(of: Self.withoutMarks(line.trimmed))
        self.words = words.map { Self.digits[$0] ?? $0 }.filter { !Self.articles.contains($0) }
            .map { VQAContractions.table[$0] ?? $0 }
    }

    /// The words between spaces: equal answers have equal texts.
    public var text: String { words.joined(separator: " ") }

    /// A mark becomes a space, or nothing: nothing where it stands beside a space anywhere, and
    /// everywhere once a comma stands between digits. Full stops before a digit stay.
    private static func withoutMarks(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let hasNumberComma = line.indices.dropFirst().dropLast().contains {
            line[$0] == "," && line[$0 - 1].isDigit && line[$0 + 1].isDigit
        }
        let joins = marks.filter { mark in
            hasNumberComma
                || line.indices.dropLast().contains {
                    line[$0] == mark && line[$0 + 1] == " "
                        || line[$0] == " " && line[$0 + 1] == mark
                }
        }
        let plain = line.compactMap { scalar -> Unicode.Scalar? in
            marks.contains(scalar) ? (joins.contains(scalar) ? nil : " ") : scalar
        }
        var stripped = 0
        return plain.indices.compactMap { place in
            let isBeforeDigit = place + 1 < plain.count && plain[place + 1].isDigit
            guard plain[place] == ".", !isBeforeDigit, stripped < mostStops else {
                return plain[place]
            }
            stripped += 1
            return nil
        }
    }

    /// As Python's `lower().split()`.
    private static func words(of scalars: [Unicode.Scalar]) -> [String] {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text).lowercased().unicodeScalars.split(whereSeparator: \.isSpace)
            .map { String($0) }
    }

    private static let marks: Set<Unicode.Scalar> = [
        ";", "/", "[", "]", "\"", "{", "}", "(", ")", "=", "+", "\\", "_", "-", ">", "<", "@", "`",
        ",", "?", "!",
    ]
    /// The script gives the flag `re.UNICODE`, 32, where Python takes the most replacements.
    private static let mostStops = 32
    private static let articles: Set = ["a", "an", "the"]
    private static let digits = [
        "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
        "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    ]
}

extension Unicode.Scalar {
    /// As `\d` of a pattern.
    fileprivate var isDigit: Bool { properties.generalCategory == .decimalNumber }

    /// As Python's `isspace`, which counts four separators that Unicode does not.
    fileprivate var isSpace: Bool {
        properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(self)
    }
}

extension [Unicode.Scalar] {
    /// As Python's `strip`.
    fileprivate var trimmed: [Unicode.Scalar] {
        var rest = drop(while: \.isSpace)
        while rest.last?.isSpace == true { rest.removeLast() }
        return Array(rest)
    }
}
