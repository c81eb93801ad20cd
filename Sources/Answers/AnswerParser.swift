/// Finds the option that a written reply settles on.
///
/// Tolerant, the first rule that applies decides:
/// 1. the last complete `<answer>...</answer>`, which may span lines, by rules 2 to 5 applied to
///    what it holds; if they find nothing, there is no answer;
/// 2. what follows the last "Answer:", "the answer is", "correct option is" and the like: an
///    option's text or label (`Answer: C`, `answer is (C)`, `Answer: C) CT`);
/// 3. lines that begin with a label and a mark, or are a bare label (`C`, `(C)`, `C.`, `C) CT`),
///    and labels in parentheses anywhere, provided that all name the same option: a reply that
///    only repeats the options, on one line or on several, answers nothing;
/// 4. a line that is an option's text and nothing else, provided that all such lines agree;
/// 5. where the options are among yes, no and maybe: the one of these words in the last sentence.
///    "No" counts where a mark or the end follows it: "no difference" is no answer.
///
/// Strict: the last complete tag, else the last line that begins with `Answer:`, and there only a
/// label (alone or before `.`, `)`, `:`) or an option's text.
///
/// A label decides over the text behind it: `B. Pneumonia` is B whatever B says.
public struct AnswerParser: Sendable {
    /// How much a reply may stray from the form it was asked for.
    public enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
        case tolerant, strict
    }

    /// How strict it is.
    public let mode: Mode
    private let reader: OptionReader

    /// A parser for the replies to one question.
    public init(options: [AnswerOption], mode: Mode = .tolerant) {
        self.mode = mode
        reader = OptionReader(options)
    }

    /// The label of the option; nil when the reply cannot be parsed.
    public func label(in reply: String) -> String? {
        if let tagged = Self.lastTag(in: reply) {
            let text = AnswerText(tagged)
            return mode == .strict ? reader.exact(text.flat[...]) : settled(in: text)
        }
        let text = AnswerText(reply)
        return mode == .strict ? strict(text) : settled(in: text)
    }

    /// The label that the reply announces, by rules 1 and 2 alone; in the strict mode as `label`.
    ///
    /// For replies that were cut off, which may name an option that they were only weighing.
    public func announcedLabel(in reply: String) -> String? {
        guard mode == .tolerant else { return label(in: reply) }
        if let tagged = Self.lastTag(in: reply) { return settled(in: AnswerText(tagged)) }
        return announced(in: AnswerText(reply))
    }

    /// The label of `B) MRI`, where MRI is the text of B and nothing else is written.
    public func labelledOption(in written: String) -> String? {
        reader.labelled(AnswerText(written).flat[...])
    }

    private func strict(_ text: AnswerText) -> String? {
        let answers = text.lines.filter { line in
            line.first?.word == "answer" && line.dropFirst().first?.isMark(":") == true
        }
        return answers.last.flatMap { reader.exact($0.dropFirst(2)) }
    }

    private func settled(in text: AnswerText) -> String? {
        announced(in: text) ?? labelled(in: text) ?? spelledOut(in: text)
            ?? reader.decision(in: text.lastSentence)
    }

    /// Rule 2.
    private func announced(in text: AnswerText) -> String? {
        let tokens = text.flat
        return Announcement.ends(in: tokens).reversed().lazy
            .compactMap { reader.leading(tokens[$0...]) }.first
    }

    /// Rule 3.
    private func labelled(in text: AnswerText) -> String? {
        let lines = text.lines.compactMap { line in
            reader.marked(line).flatMap { reader.repeats(line) ? nil : $0 }
        }
        return Self.only(lines + reader.parenthesised(in: text.flat))
    }

    /// Rule 4.
    private func spelledOut(in text: AnswerText) -> String? {
        Self.only(text.lines.compactMap { reader.spelledOut($0) })
    }

    /// The one label that all of these are; nil when they differ or there are none.
    private static func only(_ labels: [String]) -> String? {
        Set(labels).count == 1 ? labels.first : nil
    }

    private static func lastTag(in reply: String) -> Substring? {
        let lower = reply.utf8.map { (65...90).contains($0) ? $0 | 32 : $0 }
        let (opening, closing) = (Array("<answer>".utf8), Array("</answer>".utf8))
        guard let end = lower.lastRange(of: closing, before: lower.count),
            let start = lower.lastRange(of: opening, before: end)
        else { return nil }
        let bytes = reply.utf8
        let from = bytes.index(bytes.startIndex, offsetBy: start + opening.count)
        return reply[from..<bytes.index(bytes.startIndex, offsetBy: end)]
    }
}

extension [UInt8] {
    /// Where `pattern` last begins so that it ends at `limit` or before.
    fileprivate func lastRange(of pattern: [UInt8], before limit: Int) -> Int? {
        guard limit >= pattern.count else { return nil }
        return (0...(limit - pattern.count)).last { start in
            self[start..<(start + pattern.count)].elementsEqual(pattern)
        }
    }
}

/// Phrases after which an answer stands.
private enum Announcement {
    private static let phrases: [[String]] = [
        ["answer", ":"], ["answer", "is"], ["answer", "would", "be"], ["answer", "="],
        ["option", "is"], ["choice", "is"], ["option", ":"], ["choice", ":"],
        ["diagnosis", "is"], ["diagnosis", ":"],
    ]
    /// Words and marks between the phrase and the answer.
    private static let fillers: Set = [
        "*", "_", ":", "\"", "\u{201C}", "'", "`", "option", "choice", "the",
    ]

    /// Where the text goes on after each phrase, in order.
    static func ends(in tokens: [AnswerText.Token]) -> [Int] {
        tokens.indices.compactMap { start in
            phrases.compactMap { end(of: $0, in: tokens, from: start) }.max()
        }
    }

    private static func end(
        of phrase: [String],
        in tokens: [AnswerText.Token],
        from start: Int
    ) -> Int? {
        var place = start
        for part in phrase {
            // Marks of emphasis may stand inside: **Answer**: C.
            while place > start, place < tokens.count, tokens[place].isMark("*_"), part != "*" {
                place += 1
            }
            guard place < tokens.count, tokens[place].word == part else { return nil }
            place += 1
        }
        while place < tokens.count, fillers.contains(tokens[place].word) { place += 1 }
        return place
    }
}
