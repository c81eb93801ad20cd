import Answers
import Records

extension PreferenceRecord {
    /// Without a prompt it is what both answers begin with, up to the last white space, which is
    /// left to the answers.
    ///
    /// TRL (`extract_prompt`) cuts at the first letter that differs, which may be inside a word.
    static func parted(
        _ chosen: String, _ rejected: String, prompt: Turns?
    ) throws(RecordFault) -> Parts {
        switch prompt {
        case .text(let prompt): return (.text(prompt), .text(chosen), .text(rejected))
        case .messages: throw .mixedAnswers
        case nil: break
        }
        let shared = zip(chosen.unicodeScalars, rejected.unicodeScalars)
            .prefix { $0 == $1 }.map(\.0)
        guard let end = shared.lastIndex(where: \.properties.isWhitespace), end > 0 else {
            throw .noPrompt
        }
        return (
            .text(String(String.UnicodeScalarView(shared[..<end]))),
            .text(String(chosen.unicodeScalars.dropFirst(end))),
            .text(String(rejected.unicodeScalars.dropFirst(end)))
        )
    }

    /// The prompt is what both conversations begin with, a `prompt` column included.
    static func parted(
        _ chosen: [Message], _ rejected: [Message], prompt: Turns?, _ columns: Columns
    ) throws(RecordFault) -> Parts {
        let chosen = whole(chosen, behind: prompt)
        let rejected = whole(rejected, behind: prompt)
        let shared = zip(chosen, rejected).prefix { $0 == $1 }.map(\.0)
        let answers = (chosen.dropFirst(shared.count), rejected.dropFirst(shared.count))
        for turn in [answers.0.first, answers.1.first] {
            guard turn?.role ?? "assistant" == "assistant" else { throw .promptsDiffer }
        }
        if shared.isEmpty { throw .noPrompt }
        guard prompt?.isPart(of: shared) ?? true else { throw .promptsDiffer }
        return (
            .messages(shared), try .answer(answers.0, column: columns.chosen),
            try .answer(answers.1, column: columns.rejected)
        )
    }

    /// Answers alone come behind the prompt; others repeat it.
    private static func whole(_ turns: [Message], behind prompt: Turns?) -> [Message] {
        guard let prompt else { return turns }
        let isSystemAlone = prompt.asMessages.allSatisfy { $0.role == "system" }
        let isAlone = isSystemAlone ? turns.first?.role != "system" : turns.startsWithAnswer
        return isAlone ? prompt.asMessages + turns : turns
    }
}

extension Turns {
    /// One turn of the assistant, as tokens behind a prompt are all its own.
    static func answer(
        _ turns: some Collection<Message>, column: String
    ) throws(RecordFault) -> Turns {
        guard let answer = turns.first, turns.count == 1, answer.role == "assistant" else {
            throw .wrongShape(column: column, expected: "one turn of the assistant")
        }
        if answer.content.isEmpty { throw .empty(column: column) }
        return .messages([answer])
    }

    /// A plain prompt is the words of a user; white space around them does not count.
    fileprivate func isPart(of turns: [Message]) -> Bool {
        switch self {
        case .text(let text):
            turns.contains { $0.role == "user" && $0.content.trimmed == text.trimmed }
        case .messages(let messages): turns.starts(with: messages)
        }
    }
}

extension [Message] {
    fileprivate var startsWithAnswer: Bool { first?.role == "assistant" }
}
