import Records

/// What happens to a record of more tokens than allowed.
public enum OverlongPolicy: String, Sendable, Hashable, CaseIterable, Codable {
    /// It is a problem like any other.
    case stop
    /// Its first tokens are kept; it is a problem when no labelled one is among them.
    case truncate
    /// It is reported and left out.
    case skip
}

/// Records to tokens and labels.
///
/// - Conversations: the assistant's tokens are labelled, the end of each of its turns included.
/// - Prompt and completion: of the completion, the tokens that would be labelled in a
///   conversation; when plain, all of them and the end-of-text id.
/// - Text: every token and the end-of-text id.
/// - Tokens of images are never labelled.
///
/// The end-of-text id is appended to plain text that does not end with it.
public struct ExampleTokenizer: RecordTokenizer {
    /// Turns text and conversations into ids.
    public let encoding: any TextEncoding
    /// The most tokens an example may have.
    public let maxLength: Int
    /// What happens to examples of more tokens.
    public let overlong: OverlongPolicy

    /// A tokenizer of records for examples of at most `maxLength` tokens.
    public init(
        encoding: any TextEncoding,
        maxLength: Int,
        overlong: OverlongPolicy = .stop
    ) {
        self.encoding = encoding
        self.maxLength = maxLength
        self.overlong = overlong
    }

    /// The example of a record.
    public func examples(_ record: SupervisedRecord) throws(RecordFault) -> [TokenizedExample] {
        [try example(record)]
    }

    /// The example of a record at its full length.
    ///
    /// - Throws: `RecordFault` when the template refuses it, no token of it is labelled, or an
    ///   image cannot be used.
    public func example(_ record: SupervisedRecord) throws(RecordFault) -> TokenizedExample {
        try example(record, record.identity, labelled(record.body))
    }

    /// The example of a row to score: as for training, but no end-of-text id is appended to
    /// plain text.
    ///
    /// - Throws: `RecordFault` as for training, and `.tooLong`: a score of a part would mislead.
    public func example(
        _ record: PromptCompletionRecord
    ) throws(RecordFault) -> TokenizedExample {
        let example = try example(
            record, record.identity,
            labelled(record.prompt, record.completion, isEnded: false))
        guard example.tokenCount <= maxLength else {
            throw .tooLong(tokens: example.tokenCount, maxLength: maxLength)
        }
        return example
    }

    /// A record's tokens with its images in their places.
    private func example(
        _ record: some DatasetRecord, _ identity: UInt64,
        _ tokens: (ids: [Int32], labels: [Bool])
    ) throws(RecordFault) -> TokenizedExample {
        let images = try MeasuredImages(record.images, encoding)
        let expansion = try images.expanded(tokens.ids, labels: tokens.labels)
        let example = TokenizedExample(
            id: record.id, line: record.line, identity: identity, tokenIDs: expansion.tokenIDs,
            labels: expansion.labels, images: expansion.images)
        guard example.labelCount > 0 else { throw .noLabel }
        return example
    }

    /// The example within `maxLength`.
    ///
    /// - Throws: `RecordFault` when it is too long, or has no label left when it is cut; also
    ///   when the cut would go through an image.
    public func fitted(_ example: TokenizedExample) throws(RecordFault) -> TokenizedExample {
        let count = example.tokenIDs.count
        if count <= maxLength { return example }
        guard overlong == .truncate else {
            throw .tooLong(tokens: count, maxLength: maxLength)
        }
        let kept = try example.prefix(maxLength)
        guard kept.labelCount > 0 else { throw .noLabelLeft(maxLength: maxLength) }
        return kept
    }
}

extension ExampleTokenizer {
    private func labelled(
        _ body: SupervisedRecord.Body
    ) throws(RecordFault) -> (ids: [Int32], labels: [Bool]) {
        switch body {
        case .text(let text):
            let ids = encoding.ended(encoding.encode(text, beginning: true))
            return (ids, ids.map { _ in true })
        case .conversation(let messages):
            let whole = try encoding.rendered { try encoding.render(messages) }
            return (whole.tokenIDs, whole.isAssistant)
        case .promptCompletion(let prompt, let completion):
            return try labelled(prompt, completion, isEnded: true)
        }
    }

    private func labelled(
        _ prompt: Turns,
        _ completion: Turns,
        isEnded: Bool
    ) throws(RecordFault) -> (ids: [Int32], labels: [Bool]) {
        switch (prompt, completion) {
        case (.text(let prompt), .text(let completion)):
            let head = encoding.encode(prompt, beginning: true)
            let text = encoding.encode(completion, beginning: false)
            let tail = isEnded ? encoding.ended(text) : text
            return (head + tail, head.map { _ in false } + tail.map { _ in true })
        case (.messages(let prompt), .messages(let completion)):
            return try labelled(prompt, completion)
        default:
            throw .mixedPromptAndCompletion
        }
    }

    /// The prompt's own assistant turns are not trained.
    private func labelled(
        _ prompt: [Message],
        _ completion: [Message]
    ) throws(RecordFault) -> (ids: [Int32], labels: [Bool]) {
        let head = try encoding.promptTokens(.messages(prompt))
        let whole = try encoding.rendered { try encoding.render(prompt + completion) }
        guard whole.tokenIDs.starts(with: head) else { throw .promptIsNoPrefix }
        let labels = head.map { _ in false } + whole.isAssistant.dropFirst(head.count)
        return (whole.tokenIDs, labels)
    }
}
