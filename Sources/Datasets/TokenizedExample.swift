import Records

/// One record as a model sees it.
public struct TokenizedExample: TokenizedRecord {
    /// The record's id, or `line N` where it has none.
    public let id: String
    /// Where the record begins in its file, counted from 1.
    public let line: Int
    /// A hash of the record's id, or of its content where it has none: what decides on which
    /// side of a validation split it falls.
    public let identity: UInt64
    /// [S] ids of the vocabulary.
    public let tokenIDs: [Int32]
    /// [S] whether the token is a training target.
    ///
    /// The first never is: nothing comes before it that could predict it. Tokens of images are
    /// none either.
    public let labels: [Bool]
    /// In the order of their tokens, with rows of this sequence.
    public let images: [PlacedImage]

    /// - Precondition: `tokenIDs` and `labels` are of one length.
    public init(
        id: String?,
        line: Int,
        identity: UInt64,
        tokenIDs: [Int32],
        labels: [Bool],
        images: [PlacedImage] = []
    ) {
        precondition(tokenIDs.count == labels.count, "a token without a label")
        self.id = id ?? "line \(line)"
        self.line = line
        self.identity = identity
        self.tokenIDs = tokenIDs
        self.images = images
        self.labels = labels.isEmpty ? [] : [false] + labels.dropFirst()
    }

    /// The number of tokens S.
    public var tokenCount: Int { tokenIDs.count }

    /// The number of training targets.
    public var labelCount: Int { labels.count { $0 } }

    /// The first `length` tokens.
    ///
    /// - Throws: `RecordFault.tooLong` when that would cut an image.
    public func prefix(_ length: Int) throws(RecordFault) -> TokenizedExample {
        TokenizedExample(
            id: id,
            line: line,
            identity: identity,
            tokenIDs: Array(tokenIDs.prefix(length)),
            labels: Array(labels.prefix(length)),
            images: try images.prefix(rows: length, of: tokenCount)
        )
    }
}
