/// Recognises labels and texts of a question's options among the tokens of a reply.
struct OptionReader {
    private struct Option {
        let label: String
        let text: [String]
    }

    private let options: [Option]
    private let decisions: [String: String]

    init(_ options: [AnswerOption]) {
        self.options = options.map { option in
            Option(label: option.label, text: AnswerText(option.text).flat.map(\.word))
        }
        let words = Dictionary(
            options.map { ($0.text.trimmedLowercase, $0.label) },
            uniquingKeysWith: { $1 }
        )
        let isDecision = Set(words.keys).isSubset(of: ["yes", "no", "maybe"])
        decisions = isDecision && words.count == options.count ? words : [:]
    }

    /// A label, alone or before a closing mark, or an option's text: nothing else.
    func exact(_ tokens: ArraySlice<AnswerText.Token>) -> String? {
        spelledOut(tokens) ?? marked(tokens, opening: "([", closing: ").:]")
    }

    /// What the tokens begin with: an option's text or its label, and no second label.
    func leading(_ tokens: ArraySlice<AnswerText.Token>) -> String? {
        if let label = textPrefix(of: tokens) { return label }
        let rest = tokens.drop { $0.isMark("([{") }
        guard let first = rest.first, let label = label(first) else { return nil }
        let behind = rest.dropFirst()
        guard let next = behind.first else { return label }
        if let other = behind.dropFirst().first.flatMap({ self.label($0) }), other != label,
            Self.conjunctions.contains(next.word)
        {
            return nil
        }
        guard next.kind == .word, label.count == 1 else { return label }
        let isLabel = first.written == label && !isArticle(first)
        let isFollowed = Self.connectives.contains(next.word) || textPrefix(of: behind) == label
        return isLabel || isFollowed ? label : nil
    }

    /// The label of a line such as `C`, `(C)`, `**C.**` or `C) CT`; of a line such as
    /// `yes, because` too, where labels are words.
    func marked(
        _ line: ArraySlice<AnswerText.Token>,
        opening: String = "([{*_\"'`#>-",
        closing: String = ").:]}*_\"'`;-\u{2013}\u{2014}"
    ) -> String? {
        let rest = line.drop { $0.isMark(opening) }
        guard let first = rest.first, let label = label(first) else { return nil }
        guard let next = rest.dropFirst().first else { return label }
        return next.isMark(label.count > 1 ? closing + "," : closing) ? label : nil
    }

    /// The label that an option's text stands behind, where it is the label of that option.
    func labelled(_ line: ArraySlice<AnswerText.Token>) -> String? {
        let rest = line.drop { $0.isMark("([") }
        guard let first = rest.first, let label = label(first),
            rest.dropFirst().first?.isMark(").:]") == true
        else { return nil }
        return spelledOut(rest.dropFirst(2)) == label ? label : nil
    }

    /// Whether the line has all options in order, each with its label, a mark and its text, as
    /// questions list them: `A)MRI, B)X-ray, C)CT`.
    func repeats(_ line: ArraySlice<AnswerText.Token>) -> Bool {
        var rest = line
        for option in options {
            let text = Self.trim(option.text)
            let found = rest.indices.dropLast().first { place in
                rest[place].written == option.label && rest[place + 1].isMark(").:")
                    && rest[(place + 2)...].lazy.map(\.word).starts(with: text)
            }
            guard let found else { return false }
            rest = rest[(found + 2 + text.count)...]
        }
        return options.count > 1
    }

    /// Labels in parentheses, `(C)`.
    func parenthesised(in tokens: [AnswerText.Token]) -> [String] {
        guard tokens.count >= 3 else { return [] }
        return (1..<(tokens.count - 1)).compactMap { place in
            guard tokens[place - 1].isMark("([{"), tokens[place + 1].isMark(")]}") else {
                return nil
            }
            return options.first { $0.label == tokens[place].written }?.label
        }
    }

    /// The option whose text the line is, whatever marks stand around it.
    func spelledOut(_ line: ArraySlice<AnswerText.Token>) -> String? {
        let matches = options.filter { option in
            !option.text.isEmpty && Self.trim(line.map(\.word)) == Self.trim(option.text)
        }
        return matches.count == 1 ? matches[0].label : nil
    }

    /// The one of yes, no and maybe that a sentence holds; nil for other options.
    func decision(in sentence: ArraySlice<AnswerText.Token>) -> String? {
        let found = sentence.indices.compactMap { place -> String? in
            let isDeterminer =
                sentence[place].word == "no"
                && place + 1 < sentence.endIndex && sentence[place + 1].kind == .word
            return isDeterminer ? nil : decisions[sentence[place].word]
        }
        return Set(found).count == 1 ? found.first : nil
    }
}

extension OptionReader {
    private static let conjunctions: Set = ["or", "and", "/", ","]
    private static let connectives: Set = ["because", "since", "as", "is", "for", "due", "based"]

    /// `A` and `I` are words too.
    private func isArticle(_ token: AnswerText.Token) -> Bool {
        token.word == "a" || token.word == "i"
    }

    private func label(_ token: AnswerText.Token) -> String? {
        let exact = options.first { $0.label == token.written }
        return (exact ?? options.first { $0.label.lowercased() == token.word })?.label
    }

    /// The option with the longest text that the tokens begin with, unless that text is a label.
    private func textPrefix(of tokens: ArraySlice<AnswerText.Token>) -> String? {
        let words = tokens.map(\.word)
        let matches = options.filter { option in
            let text = Self.trim(option.text)
            let isLabel = text.count == 1 && options.contains { $0.label.lowercased() == text[0] }
            return !text.isEmpty && !isLabel && words.starts(with: text)
        }
        return matches.max { $0.text.count < $1.text.count }?.label
    }

    /// Without marks around.
    private static func trim(_ words: [String]) -> ArraySlice<String> {
        let isMark = { (word: String) in
            word.count == 1 && ".,;:!?*_\"'`()[]-".contains(word)
        }
        var rest = words[...].drop(while: isMark)
        while let last = rest.last, isMark(last) { rest.removeLast() }
        return rest
    }
}
