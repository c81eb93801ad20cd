import Records

/// Prompts to tokens, behind which an answer comes.
///
/// Conversations go through the chat template with the header of the assistant's turn behind them;
/// a plain prompt is tokenized as it is.
public struct PromptTokenizer: RecordTokenizer {
    /// Turns text and conversations into ids.
    public let encoding: any TextEncoding
    /// Put before conversations that have no system turn; with it a plain prompt becomes what the
    /// user says.
    public let systemPrompt: String?
    /// The most tokens a prompt may have.
    public let maxLength: Int
    /// What happens to longer prompts; of cut ones the last tokens are kept, since the question
    /// and the assistant's header stand there.
    public let overlong: OverlongPolicy

    /// A tokenizer of prompts.
    public init(
        encoding: any TextEncoding, systemPrompt: String? = nil, maxLength: Int,
        overlong: OverlongPolicy = .stop
    ) {
        (self.encoding, self.systemPrompt) = (encoding, systemPrompt)
        (self.maxLength, self.overlong) = (maxLength, overlong)
    }

    /// The prompt of a record.
    public func examples(_ record: PromptRecord) throws(RecordFault) -> [TokenizedPrompt] {
        [try prompt(record)]
    }

    /// The prompt of a record at its full length.
    ///
    /// - Throws: `RecordFault` when the template refuses it or an image cannot be used.
    public func prompt(_ record: PromptRecord) throws(RecordFault) -> TokenizedPrompt {
        let images = try MeasuredImages(record.images, encoding)
        let prompt = introduced(record.prompt)
        let expansion = try images.expanded(encoding.promptTokens(prompt))
        return TokenizedPrompt(
            id: record.id, line: record.line, identity: record.identity,
            tokens: expansion.tokenIDs, prompt: prompt, columns: record.columns,
            images: expansion.images)
    }

    /// The prompt within `maxLength`.
    ///
    /// - Throws: `RecordFault` when it is too long; also when the part to be cut has an image,
    ///   without which there may be nothing to answer.
    public func fitted(_ example: TokenizedPrompt) throws(RecordFault) -> TokenizedPrompt {
        if example.tokenCount <= maxLength { return example }
        guard overlong == .truncate else {
            throw .tooLong(tokens: example.tokenCount, maxLength: maxLength)
        }
        return TokenizedPrompt(
            id: example.id, line: example.line, identity: example.identity,
            tokens: example.tokens.suffix(maxLength), prompt: example.prompt,
            columns: example.columns,
            images: try example.images.suffix(rows: maxLength, of: example.tokenCount))
    }

    private func introduced(_ prompt: Turns) -> Turns {
        let turns = prompt.asMessages
        guard let systemPrompt, !turns.contains(where: { $0.role == "system" }) else {
            return prompt
        }
        return .messages([Message(role: "system", content: systemPrompt)] + turns)
    }
}

/// A prompt as a model sees it, with what its rewards read.
public struct TokenizedPrompt: TokenizedRecord {
    /// The record's id, or `line N` where it has none.
    public let id: String
    /// Where the record begins in its file, counted from 1.
    public let line: Int
    /// A hash of the prompt.
    public let identity: UInt64
    /// [P] ids behind which the answer comes.
    public let tokens: [Int32]
    /// The same for a person and for rewards: whole, with the system prompt.
    public let prompt: Turns
    /// The record's other columns.
    public let columns: [String: JSONValue]
    /// In the order of their tokens, with rows of `tokens`.
    public let images: [PlacedImage]

    /// A prompt with its tokens.
    public init(
        id: String?, line: Int, identity: UInt64, tokens: some Sequence<Int32>, prompt: Turns,
        columns: [String: JSONValue], images: [PlacedImage] = []
    ) {
        self.id = id ?? "line \(line)"
        (self.line, self.identity) = (line, identity)
        (self.tokens, self.prompt, self.columns) = (Array(tokens), prompt, columns)
        self.images = images
    }

    /// P.
    public var tokenCount: Int { tokens.count }

    /// None: a prompt teaches nothing by itself.
    public var labelCount: Int { 0 }
}
