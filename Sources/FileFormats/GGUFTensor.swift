/// Where a tensor of a GGUF file lies; every number has been checked against the file.
public struct GGUFTensor: Sendable, Hashable {
    /// The name in the file, for instance `blk.0.attn_q.weight`.
    public let name: String
    /// Row-major, the slowest dimension first: the reverse of the order in the file.
    public let shape: [Int]
    /// How the numbers are stored.
    public let type: GGMLType
    /// The first byte, counted from the start of the file.
    public let offset: Int
    /// The number of bytes in the file.
    public let byteCount: Int

    /// The product of the shape.
    public var elementCount: Int { shape.reduce(1, *) }
}
