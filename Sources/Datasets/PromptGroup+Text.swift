import Records

extension TextEncoding {
    /// The tokens of a conversation and of several answers to it, as training sees them: each
    /// answer with the end of its turn.
    ///
    /// - Parameter images: those of the conversation, in order; where it has no places for them,
    ///   they stand before the first words of the user.
    /// - Throws: `RecordFault` when the template refuses the conversation, an answer has no
    ///   tokens, there is none, or an image cannot be used.
    public func group(
        _ prompt: [Message], completions: [String], images: [ImageReference] = [],
        id: String = ""
    ) throws(RecordFault) -> PromptGroup {
        let measured = try MeasuredImages(images, self)
        let turns = Turns.messages(try prompt.placing(images: images.count))
        let head = try promptTokens(turns)
        var answers: [[Int32]] = []
        for text in completions {
            let answer = Turns.messages([Message(role: "assistant", content: text)])
            let whole = try tokens(turns, answer: answer)
            _ = try promptLength(turns, tokens: head, in: [whole])
            guard whole.count > head.count else { throw .noLabel }
            answers.append(try measured.answer(whole[head.count...]))
        }
        guard !head.isEmpty, !answers.isEmpty else { throw .noLabel }
        let whole = try measured.expanded(head)
        return PromptGroup(
            prompt: whole.tokenIDs, completions: answers, id: id, images: whole.images)
    }
}
