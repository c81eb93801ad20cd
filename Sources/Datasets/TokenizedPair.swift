import Records

/// A prompt and two answers as a model sees them; the sequences are `prompt + chosen` and
/// `prompt + rejected`.
public struct TokenizedPair: TokenizedRecord {
    /// The record's id, or `line N` where it has none.
    public let id: String
    /// Where the record begins in its file, counted from 1.
    public let line: Int
    /// A hash of the prompt.
    public let identity: UInt64
    /// [P] ids that both sequences begin with, at least one.
    public let prompt: [Int32]
    /// [C] the better answer, its end included, at least one.
    public let chosen: [Int32]
    /// [R] the worse answer, its end included, at least one.
    public let rejected: [Int32]
    /// By how much the chosen one should score higher, where the record says so.
    public let margin: Double?
    /// What the pair's loss is multiplied by, where the record says so.
    public let weight: Double?
    /// In the order of their tokens, all in the prompt, with its rows.
    public let images: [PlacedImage]

    /// - Precondition: none of the sequences is empty.
    public init(
        id: String?, line: Int, identity: UInt64, prompt: [Int32], chosen: [Int32],
        rejected: [Int32], margin: Double? = nil, weight: Double? = nil,
        images: [PlacedImage] = []
    ) {
        precondition(!prompt.isEmpty && !chosen.isEmpty && !rejected.isEmpty, "an empty sequence")
        self.id = id ?? "line \(line)"
        (self.line, self.identity, self.margin) = (line, identity, margin)
        (self.prompt, self.chosen, self.rejected) = (prompt, chosen, rejected)
        (self.weight, self.images) = (weight, images)
    }

    /// Tokens of the longer sequence.
    public var tokenCount: Int { prompt.count + labelCount }

    /// Tokens of the longer answer.
    public var labelCount: Int { max(chosen.count, rejected.count) }

    /// Tokens to compute when the prompt is computed once: P + C + R.
    public var sharedTokenCount: Int { prompt.count + chosen.count + rejected.count }
}
