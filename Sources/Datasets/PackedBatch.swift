import Records

/// A micro-batch without padding: the records one after another in one row of T tokens.
///
/// Attention must stay within a sequence and its prefix: `sequenceLengths` tells where each ends,
/// `prefixes` what it continues.
public struct PackedBatch: Sendable, Hashable {
    /// [T] ids of the vocabulary.
    public let tokenIDs: [Int32]
    /// [T] the place of each token in its record, from 0.
    public let positions: [Int32]
    /// [S] tokens of each sequence; they sum to T. A record is a sequence; a prompt that
    /// completions share is one, and each of its completions.
    public let sequenceLengths: [Int]
    /// [S] for each sequence the index of the earlier one that it continues, or -1.
    public let prefixes: [Int]
    /// [T] whether the token is a training target; the first of a record never is.
    public let labels: [Bool]
    /// Ids of the records, or of the groups.
    public let exampleIDs: [String]
    /// Targets of each record, or of each completion of the groups; they sum to L.
    public let completionLengths: [Int]
    /// What the loss reads, L of them.
    public let targets: Targets
    /// In the order of their tokens; `start` is the flat row [T] of an image's first token. The
    /// image of a prompt stands once for all of its completions.
    public let images: [PlacedImage]

    /// What the loss reads, already shifted: row `positions[k]` of the output predicts
    /// `tokenIDs[k]`, the token after it in the same record.
    public struct Targets: Sendable, Hashable {
        /// [L] flat indices into the batch's T tokens. The first tokens of completions that share
        /// a prompt share its last row; otherwise they ascend.
        public let positions: [Int32]
        /// [L] ids of the vocabulary.
        public let tokenIDs: [Int32]

        /// The number L of targets.
        public var count: Int { positions.count }
    }

    /// Puts examples one after another, in this order.
    public init(_ examples: [TokenizedExample]) {
        tokenIDs = examples.flatMap(\.tokenIDs)
        labels = examples.flatMap(\.labels)
        positions = examples.flatMap { (0..<Int32($0.tokenIDs.count)) }
        sequenceLengths = examples.map(\.tokenIDs.count)
        prefixes = examples.map { _ in -1 }
        exampleIDs = examples.map(\.id)
        completionLengths = examples.map(\.labelCount)
        targets = Self.targets(tokenIDs, labels)
        images = Self.flat(examples.map { ($0.images, $0.tokenCount) })
    }

    /// The number T of tokens, all of them real.
    public var tokenCount: Int { tokenIDs.count }

    /// The number of training targets: the loss of an optimizer step is divided by their sum.
    public var labelCount: Int { targets.count }

    /// Images of sequences that stand one after another.
    static func flat(_ parts: [(images: [PlacedImage], rows: Int)]) -> [PlacedImage] {
        var (images, start) = ([PlacedImage](), 0)
        for part in parts {
            images += part.images.map { $0.moved(by: start) }
            start += part.rows
        }
        return images
    }

    /// A labelled token has its predecessor in its own record, since the first is never labelled.
    private static func targets(_ tokenIDs: [Int32], _ labels: [Bool]) -> Targets {
        let labelled = labels.indices.filter { labels[$0] }
        return Targets(
            positions: labelled.map { Int32($0 - 1) },
            tokenIDs: labelled.map { tokenIDs[$0] }
        )
    }
}
