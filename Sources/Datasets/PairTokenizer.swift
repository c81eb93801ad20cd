import Records

/// Preferences to tokens.
///
/// Conversations go through the chat template and end with the end of the assistant's turn; plain
/// text ends with the end-of-text id. What the answers share with the prompt is kept once.
public struct PairTokenizer: RecordTokenizer {
    /// Turns text and conversations into ids.
    public let encoding: any TextEncoding
    /// The most tokens that the prompt and an answer may have together.
    public let maxLength: Int
    /// What happens to longer pairs; cut ones keep the beginning of both answers (TRL's
    /// `keep_start`), but not the end of the turn, at which a reward model scores.
    public let overlong: OverlongPolicy

    /// A tokenizer of pairs.
    public init(encoding: any TextEncoding, maxLength: Int, overlong: OverlongPolicy = .stop) {
        (self.encoding, self.maxLength, self.overlong) = (encoding, maxLength, overlong)
    }

    /// The pair of a record.
    public func examples(_ record: PreferenceRecord) throws(RecordFault) -> [TokenizedPair] {
        [try pair(record)]
    }

    /// The pair of a record at its full length.
    ///
    /// - Throws: `RecordFault` when the template refuses it, the prompt does not begin it, both
    ///   answers are the same tokens, or an image cannot be used.
    public func pair(_ record: PreferenceRecord) throws(RecordFault) -> TokenizedPair {
        let images = try MeasuredImages(record.images, encoding)
        let head = try encoding.promptTokens(record.prompt)
        let chosen = try encoding.tokens(record.prompt, answer: record.chosen)
        let rejected = try encoding.tokens(record.prompt, answer: record.rejected)
        guard chosen != rejected else { throw .identicalAnswers }
        let length = try encoding.promptLength(
            record.prompt, tokens: head, in: [chosen, rejected])
        let prompt = try images.expanded(head[..<length])
        return TokenizedPair(
            id: record.id, line: record.line, identity: record.identity,
            prompt: prompt.tokenIDs, chosen: try images.answer(chosen[length...]),
            rejected: try images.answer(rejected[length...]), margin: record.margin,
            weight: record.weight, images: prompt.images)
    }

    /// The pair with both sequences within `maxLength`.
    ///
    /// - Throws: `RecordFault` when it is too long, when the prompt leaves no room for an answer,
    ///   or when the answers are the same as far as they are kept.
    public func fitted(_ pair: TokenizedPair) throws(RecordFault) -> TokenizedPair {
        let room = try answerRoom(pair, behind: pair.prompt)
        guard let room else { return pair }
        let (chosen, rejected) = (pair.chosen.prefix(room), pair.rejected.prefix(room))
        guard chosen != rejected else { throw .identicalAnswersLeft(maxLength: maxLength) }
        return TokenizedPair(
            id: pair.id, line: pair.line, identity: pair.identity, prompt: pair.prompt,
            chosen: Array(chosen), rejected: Array(rejected), margin: pair.margin,
            weight: pair.weight, images: pair.images)
    }
}

extension RecordTokenizer {
    /// Tokens left for an answer that is to be cut; nil when nothing needs to be.
    func answerRoom(_ example: Example, behind prompt: [Int32]) throws(RecordFault) -> Int? {
        if example.tokenCount <= maxLength { return nil }
        guard overlong == .truncate else {
            throw .tooLong(tokens: example.tokenCount, maxLength: maxLength)
        }
        guard prompt.count < maxLength else { throw .noLabelLeft(maxLength: maxLength) }
        return maxLength - prompt.count
    }
}
