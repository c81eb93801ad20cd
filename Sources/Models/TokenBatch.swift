/// Token sequences one after another, without padding.
public struct TokenBatch: Sendable {
    /// Ids, T in all.
    public var tokens: [Int32]
    /// Position of each token in its own sequence.
    public var positions: [Int]
    /// Length of each sequence; they add up to T.
    public var lengths: [Int]

    public init(tokens: [Int32], positions: [Int], lengths: [Int]) {
        precondition(tokens.count == positions.count && tokens.count == lengths.reduce(0, +))
        self.tokens = tokens
        self.positions = positions
        self.lengths = lengths
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
