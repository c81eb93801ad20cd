/// A tensor on its way into a safetensors file.
public struct SafetensorsSource {
    /// Takes one piece of the bytes.
    public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

    /// The name in the file.
    public let name: String
    /// The type of the elements.
    public let dtype: SafetensorsDType
    /// Row-major, the slowest dimension first; empty for a scalar.
    public let shape: [Int]
    let produce: (Sink) throws -> Void

    /// A tensor whose bytes come when the file is written, in one piece or several.
    ///
    /// - Parameter produce: Calls the sink it is given with the bytes in order, little endian;
    ///   for an array: `{ try array.withUnsafeBytes($0) }`.
    public init(
        name: String,
        dtype: SafetensorsDType,
        shape: [Int],
        produce: @escaping (Sink) throws -> Void
    ) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.produce = produce
    }

    /// A tensor from memory of the right size, which must live until the file is written.
    public init(
        name: String,
        dtype: SafetensorsDType,
        shape: [Int],
        bytes: UnsafeRawBufferPointer
    ) {
        self.init(name: name, dtype: dtype, shape: shape) { sink in try sink(bytes) }
    }
}
