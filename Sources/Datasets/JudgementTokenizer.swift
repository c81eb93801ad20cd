import Records

/// Judged answers to tokens, as ``PairTokenizer`` makes them.
public struct JudgementTokenizer: RecordTokenizer {
    /// Turns text and conversations into ids.
    public let encoding: any TextEncoding
    /// The most tokens that the prompt and its answer may have together.
    public let maxLength: Int
    /// What happens to longer ones; cut ones keep the beginning of the answer.
    public let overlong: OverlongPolicy

    /// A tokenizer of judged answers.
    public init(encoding: any TextEncoding, maxLength: Int, overlong: OverlongPolicy = .stop) {
        (self.encoding, self.maxLength, self.overlong) = (encoding, maxLength, overlong)
    }

    /// The judgements of a record at their full length; those of a preference have `/chosen` and
    /// `/rejected` behind the record's id, and one identity.
    ///
    /// - Throws: `RecordFault` when the template refuses it or the prompt does not begin it.
    public func examples(_ record: JudgedRecord) throws(RecordFault) -> [TokenizedJudgement] {
        let images = try MeasuredImages(record.images, encoding)
        let head = try encoding.promptTokens(record.prompt)
        var examples: [TokenizedJudgement] = []
        for judgement in record.judgements {
            let whole = try encoding.tokens(record.prompt, answer: judgement.completion)
            let length = try encoding.promptLength(record.prompt, tokens: head, in: [whole])
            let prompt = try images.expanded(whole[..<length])
            let suffix = judgement.side.map { "/\($0)" } ?? ""
            examples.append(
                TokenizedJudgement(
                    id: (record.id ?? "line \(record.line)") + suffix, line: record.line,
                    identity: record.identity, prompt: prompt.tokenIDs,
                    completion: try images.answer(whole[length...]),
                    isDesirable: judgement.isDesirable, images: prompt.images))
        }
        return examples
    }

    /// The judgement within `maxLength`.
    ///
    /// - Throws: `RecordFault` when it is too long or the prompt leaves no room for an answer.
    public func fitted(_ example: TokenizedJudgement) throws(RecordFault) -> TokenizedJudgement {
        let room = try answerRoom(example, behind: example.prompt)
        guard let room else { return example }
        return TokenizedJudgement(
            id: example.id, line: example.line, identity: example.identity,
            prompt: example.prompt, completion: Array(example.completion.prefix(room)),
            isDesirable: example.isDesirable, images: example.images)
    }
}

/// A prompt and a judged answer as a model sees them.
public struct TokenizedJudgement: TokenizedRecord {
    /// The record's id or `line N`, with the side of a preference behind it.
    public let id: String
    /// Where the record begins in its file, counted from 1.
    public let line: Int
    /// A hash of the prompt.
    public let identity: UInt64
    /// [P] ids before the answer, at least one.
    public let prompt: [Int32]
    /// [C] the answer, its end included, at least one.
    public let completion: [Int32]
    /// The label.
    public let isDesirable: Bool
    /// In the order of their tokens, all in the prompt, with its rows.
    public let images: [PlacedImage]

    /// - Precondition: neither sequence is empty.
    public init(
        id: String, line: Int, identity: UInt64, prompt: [Int32], completion: [Int32],
        isDesirable: Bool, images: [PlacedImage] = []
    ) {
        precondition(!prompt.isEmpty && !completion.isEmpty, "an empty sequence")
        (self.id, self.line, self.identity) = (id, line, identity)
        (self.prompt, self.completion, self.isDesirable) = (prompt, completion, isDesirable)
        self.images = images
    }

    /// Tokens of prompt and answer.
    public var tokenCount: Int { prompt.count + completion.count }

    /// Tokens of the answer.
    public var labelCount: Int { completion.count }
}
