/// Where a tensor of a safetensors file lies; every number has been checked against the file.
public struct SafetensorsTensor: Sendable, Hashable {
    /// The name in the file, for instance `model.norm.weight`.
    public let name: String
    /// The type of the elements.
    public let dtype: SafetensorsDType
    /// Row-major, the slowest dimension first; empty for a scalar.
    public let shape: [Int]
    /// The first byte, counted from the start of the file.
    public let offset: Int
    /// The number of bytes in the file.
    public let byteCount: Int

    /// The product of the shape.
    public var elementCount: Int { byteCount / dtype.byteCount }
}
