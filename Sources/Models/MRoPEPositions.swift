import Records

/// Where each token of a batch stands in time, height and width (M-RoPE, arXiv:2409.12191;
/// `Qwen2VLModel.get_rope_index`).
///
/// A text's tokens have the same position on all three axes, one after another. An image's stand at
/// the place where it begins plus their frame, row and column; what follows begins behind the
/// larger side of the image.
public struct MRoPEPositions: Sendable, Hashable {
    /// One number a token, T in all.
    public var time: [Int]
    public var height: [Int]
    public var width: [Int]
    /// For each sequence, the position of the token that would follow it.
    public var next: [Int]

    /// Positions of text only.
    ///
    /// - Parameters:
    ///   - plain: one number a token.
    ///   - next: for each sequence, the position behind it.
    public init(plain: [Int], next: [Int]) {
        time = plain
        height = plain
        width = plain
        self.next = next
    }

    /// The positions of a batch whose images stand in their places.
    ///
    /// - Parameters:
    ///   - lengths: tokens of each sequence.
    ///   - prefixes: for each sequence the index of an earlier one that it continues, or -1.
    ///   - positions: each token's place in its own sequence, counted from the start of its prefix.
    ///   - images: with rows of the batch, and in their order.
    public init(
        lengths: [Int], prefixes: [Int], positions: [Int], images: [PlacedImage]
    ) {
        precondition(lengths.reduce(0, +) == positions.count && lengths.count == prefixes.count)
        self.init(plain: positions, next: [])
        var start = 0
        for (length, prefix) in zip(lengths, prefixes) {
            let rows = start..<(start + length)
            // What a sequence skips behind its prefix, or begins with: nothing, as a rule.
            let skipped = (positions[rows].first ?? 0) - (prefix < 0 ? 0 : lengths[prefix])
            let first = max(0, skipped) + (prefix < 0 ? 0 : next[prefix])
            let own = images.filter { rows.contains($0.start) }
            next.append(fill(rows, from: first, own))
            start += length
        }
    }

    /// Positions of tokens that continue a cache: the text goes on where each sequence stands.
    ///
    /// - Parameters:
    ///   - lengths: new tokens of each sequence.
    ///   - next: the position of the first of them, as ``next`` said before.
    public init(continuing next: [Int], lengths: [Int]) {
        precondition(next.count == lengths.count, "\(lengths.count) lengths, \(next.count) starts")
        self.init(
            plain: zip(next, lengths).flatMap { Array($0..<($0 + $1)) },
            next: zip(next, lengths).map { $0 + $1 })
    }

    /// Number of tokens.
    public var count: Int { time.count }

    /// Writes one sequence's positions; returns the one behind it.
    private mutating func fill(
        _ rows: Range<Int>, from first: Int, _ images: [PlacedImage]
    ) -> Int {
        var (row, position) = (rows.lowerBound, first)
        for image in images {
            precondition(
                image.start >= row && image.start + image.grid.count <= rows.upperBound,
                "images overlap or leave their sequence")
            position = fillText(row..<image.start, from: position)
            position = fill(image, from: position)
            row = image.start + image.grid.count
        }
        return fillText(row..<rows.upperBound, from: position)
    }

    private mutating func fillText(_ rows: Range<Int>, from first: Int) -> Int {
        for row in rows {
            let position = first + row - rows.lowerBound
            (time[row], height[row], width[row]) = (position, position, position)
        }
        return first + rows.count
    }

    private mutating func fill(_ image: PlacedImage, from first: Int) -> Int {
        let (rows, columns) = (image.grid.height, image.grid.width)
        for index in 0..<image.grid.count {
            let row = image.start + index
            time[row] = first + index / (rows * columns)
            height[row] = first + index / columns % rows
            width[row] = first + index % columns
        }
        return first + max(rows, columns)
    }
}
