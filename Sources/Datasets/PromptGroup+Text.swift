import Records

extension TextEncoding {
    /// The tokens of a conversation and of several answers to it, as training sees them: each
    /// answer with the end of its turn.
    ///
    /// - Throws: `RecordFault` when the template refuses the conversation, an answer has no
    ///   tokens, or there is none.
    public func group(
        _ prompt: [Message], completions: [String], id: String = ""
    ) throws(RecordFault) -> PromptGroup {
        let turns = Turns.messages(prompt)
        let head = try promptTokens(turns)
        var answers: [[Int32]] = []
        for text in completions {
            let answer = Turns.messages([Message(role: "assistant", content: text)])
            let whole = try tokens(turns, answer: answer)
            _ = try promptLength(turns, tokens: head, in: [whole])
            guard whole.count > head.count else { throw .noLabel }
            answers.append(Array(whole[head.count...]))
        }
        guard !head.isEmpty, !answers.isEmpty else { throw .noLabel }
        return PromptGroup(prompt: head, completions: answers, id: id)
    }
}
