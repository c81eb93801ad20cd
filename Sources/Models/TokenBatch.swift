/// Token sequences one after another, without padding.
public struct TokenBatch: Sendable {
    /// Ids, T in all.
    public var tokens: [Int32]
    /// Position of each token in its own sequence, counted from the start of its prefix.
    public var positions: [Int]
    /// Length of each sequence; they add up to T.
    public var lengths: [Int]
    /// For each sequence the index of the earlier one that it continues, or -1. A prompt that
    /// several completions continue is computed once.
    public var prefixes: [Int]
    /// Positions in time, height and width for a decoder that has them; nil where text stands
    /// alone: the plain positions then count on all three axes.
    public var mropePositions: MRoPEPositions?

    /// - Parameter prefixes: nil where no sequence continues another.
    public init(
        tokens: [Int32], positions: [Int], lengths: [Int], prefixes: [Int]? = nil,
        mropePositions: MRoPEPositions? = nil
    ) {
        precondition(tokens.count == positions.count && tokens.count == lengths.reduce(0, +))
        precondition(prefixes == nil || prefixes?.count == lengths.count)
        self.tokens = tokens
        self.positions = positions
        self.lengths = lengths
        self.prefixes = prefixes ?? lengths.map { _ in -1 }
        self.mropePositions = mropePositions
    }

    /// Whole sequences, each from position 0.
    public init(_ sequences: [[Int32]]) {
        self.init(
            tokens: sequences.flatMap { $0 }, positions: sequences.flatMap { Array(0..<$0.count) },
            lengths: sequences.map(\.count))
    }

    /// Row of each sequence's last token.
    public var lastRows: [Int] {
        var end = 0
        return lengths.map { length in
            end += length
            return end - 1
        }
    }
}
