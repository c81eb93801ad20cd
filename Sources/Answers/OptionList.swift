/// The options that are written into a question: `A)CT, B)MRI.` anywhere, `A. CT` or `A: CT` at
/// the start of a line.
///
/// The last run of labels from A on counts, with one kind of mark: `A)` and `(A)` are two kinds, so
/// that an inner `(B)` splits no option, and a letter before the end of an inner parenthesis,
/// `(grade B)`, is none. A text ends at the next label; the last one at the end of its line.
public struct OptionList: Sendable, Hashable {
    /// What stands before the first label, without white space around it; may be empty.
    public let question: String
    /// Two or more, labelled A, B and so on.
    public let options: [AnswerOption]

    /// Reads a question; nil when it has no options.
    public init?(in text: String) {
        let bytes = Array(text.utf8)
        let run = Self.run(in: bytes)
        guard let first = run.first, run.count > 1 else { return nil }
        let ends = run.dropFirst().map(\.range.lowerBound) + [bytes.count]
        question = Self.text(bytes[..<first.range.lowerBound])
        options = zip(run, ends).map { label, end in
            let line = bytes[label.range.upperBound..<end].prefix {
                label.range != run.last?.range || $0 != .newline
            }
            let letter = String(UnicodeScalar(label.letter))
            return AnswerOption(label: letter, text: Self.text(line))
        }
    }

    private struct Label {
        let letter: UInt8
        let mark: UInt8
        /// Whether a parenthesis stands before the letter.
        let isOpened: Bool
        /// Of the letter, and behind the mark.
        let range: Range<Int>

        func isLike(_ other: Label) -> Bool { mark == other.mark && isOpened == other.isOpened }
    }

    /// Where a parenthesis is opened and never closed, what follows it on its line would all be
    /// inner: then the labels count as they stand.
    private static func run(in bytes: [UInt8]) -> [Label] {
        let all = labels(in: bytes)
        let inner = innerPlaces(bytes)
        let outer = lastRun(of: all.filter { $0.isOpened || !inner[$0.range.lowerBound] })
        let any = lastRun(of: all)
        return any.count > outer.count ? any : outer
    }

    /// Whether each byte stands within parentheses of its line.
    private static func innerPlaces(_ bytes: [UInt8]) -> [Bool] {
        var depth = 0
        return bytes.map { byte in
            if byte == .newline { depth = 0 }
            if byte == UInt8(ascii: ")") { depth = max(0, depth - 1) }
            defer { if byte == UInt8(ascii: "(") { depth += 1 } }
            return depth > 0
        }
    }

    private static func labels(in bytes: [UInt8]) -> [Label] {
        bytes.indices.dropLast().compactMap { place in
            let (letter, mark) = (bytes[place], bytes[place + 1])
            guard (65...90).contains(letter) else { return nil }
            let isOpened = place > 0 && bytes[place - 1] == UInt8(ascii: "(")
            let before = bytes[..<place].last { !$0.isBlank }
            let startsLine = (before ?? .newline) == .newline
            let isFree =
                place == 0 || bytes[place - 1].isSpace || ",;?.:(".utf8.contains(bytes[place - 1])
            let counts = mark == UInt8(ascii: ")") ? isFree : startsLine && ".:".utf8.contains(mark)
            guard counts else { return nil }
            return Label(
                letter: letter, mark: mark, isOpened: isOpened, range: place..<(place + 2))
        }
    }

    private static func lastRun(of labels: [Label]) -> [Label] {
        let a = UInt8(ascii: "A")
        var (best, run): ([Label], [Label]) = ([], [])
        for label in labels {
            if label.letter == a {
                run = [label]
            } else if let last = run.last, label.letter == last.letter + 1, label.isLike(last) {
                run.append(label)
            }
            if run.count > 1 { best = run }
        }
        return best
    }

    /// Without white space, commas and an opening parenthesis at the ends.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var rest = bytes.drop(while: \.isSpace)
        while let last = rest.last, last.isSpace || ",;(".utf8.contains(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate static let newline = UInt8(ascii: "\n")
    /// A space, a tab or a carriage return.
    fileprivate var isBlank: Bool { self == 32 || self == 9 || self == 13 }
    fileprivate var isSpace: Bool { isBlank || self == .newline }
}
