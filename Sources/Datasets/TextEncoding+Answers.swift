import Records

extension TextEncoding {
    /// The ids [P] behind which an answer comes.
    func promptTokens(_ prompt: Turns) throws(RecordFault) -> [Int32] {
        switch prompt {
        case .text(let text): encode(text, beginning: true)
        case .messages(let turns): try rendered { try renderPrompt(turns) }
        }
    }

    /// The ids of a prompt with its answer, the end of the turn or of the text included.
    ///
    /// What a template puts behind the end of the turn, a line break say, is no part of the
    /// answer: a model that answers stops before it. (TRL's preference trainers count it.)
    func tokens(_ prompt: Turns, answer: Turns) throws(RecordFault) -> [Int32] {
        switch (prompt, answer) {
        case (.text(let prompt), .text(let answer)):
            return ended(encode(prompt + answer, beginning: true))
        case (.messages(let prompt), .messages(let answer)):
            let whole = try rendered { try render(prompt + answer) }
            guard let end = whole.isAssistant.lastIndex(of: true) else { throw .noLabel }
            return Array(whole.tokenIDs[...end])
        default: throw .mixedPromptAndCompletion
        }
    }

    /// How many ids of a prompt its answers have in common with it.
    ///
    /// A conversation begins with all of them. Plain text is tokenized as a whole, and its answers
    /// begin where ids first differ: the prompt's last letters may be one token with an answer's
    /// first (as in TRL's `common_prefix_length`).
    func promptLength(
        _ prompt: Turns, tokens: [Int32], in answers: [[Int32]]
    ) throws(RecordFault) -> Int {
        let shared = answers.map { zip($0, tokens).prefix { $0 == $1 }.map(\.0).count }
        let length = shared.reduce(tokens.count, min)
        guard length > 0, length == tokens.count || !prompt.isConversational else {
            throw .promptIsNoPrefix
        }
        return length
    }

    /// The ids with the one that ends a text behind them, unless it is there.
    func ended(_ ids: [Int32]) -> [Int32] {
        ids.last == endOfText ? ids : ids + [endOfText]
    }

    /// What a chat template refuses, as a fault of the record.
    func rendered<Value>(_ render: () throws -> Value) throws(RecordFault) -> Value {
        do {
            return try render()
        } catch {
            throw .template("\(error)")
        }
    }
}
