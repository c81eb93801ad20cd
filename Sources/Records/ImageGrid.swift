/// How many tokens of a language model an image takes, and how they lie.
public struct ImageGrid: Codable, Hashable, Sendable {
    public var time: Int
    public var height: Int
    public var width: Int

    public init(time: Int = 1, height: Int, width: Int) {
        self.time = time
        self.height = height
        self.width = width
    }

    /// Tokens, row by row.
    public var count: Int { time * height * width }
}

/// An image where it stands among tokens.
public struct PlacedImage: Codable, Hashable, Sendable {
    public var reference: ImageReference
    /// Row of its first token.
    public var start: Int
    public var grid: ImageGrid

    public init(reference: ImageReference, start: Int, grid: ImageGrid) {
        self.reference = reference
        self.start = start
        self.grid = grid
    }

    /// The same behind `rows` more tokens.
    public func moved(by rows: Int) -> PlacedImage {
        PlacedImage(reference: reference, start: start + rows, grid: grid)
    }
}
