import Foundation

/// A GGUF file of version 2 or 3, little endian, memory-mapped
/// (specification: ggml `docs/gguf.md`).
///
/// Opening reads the header only; weights are loaded when they are touched.
public struct GGUF: Sendable {
    /// The mapped file, which must live as long as its bytes are used.
    public let file: MappedFile
    /// 2 or 3.
    public let version: Int
    /// The alignment of tensor data in bytes: `general.alignment`, or 32.
    public let alignment: Int
    /// All keys with their values.
    public let metadata: [String: GGUFValue]
    /// In the order of the file.
    public let tensors: [GGUFTensor]

    private let indices: [String: Int]

    /// Opens a file and checks every length, count and offset of its header.
    ///
    /// - Throws: `FormatError` with the tensor or key at fault.
    public init(url: URL) throws(FormatError) {
        let file = try MappedFile(url: url)
        let header = try GGUFHeader(file: file)
        self.file = file
        version = header.version
        alignment = header.alignment
        metadata = header.metadata
        tensors = header.tensors
        indices = header.indices
    }

    /// The tensor of that name, if the file has one.
    public subscript(name: String) -> GGUFTensor? {
        indices[name].map { tensors[$0] }
    }

    /// The stored bytes of a tensor, valid as long as `file` lives.
    public func bytes(of tensor: GGUFTensor) throws(FormatError) -> UnsafeRawBufferPointer {
        guard tensor.byteCount > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return try file.bytes(at: tensor.offset, count: tensor.byteCount, item: tensor.name)
    }

    /// Writes a tensor's values as `Float`; `destination` has `tensor.elementCount` elements.
    public func dequantize(
        _ tensor: GGUFTensor,
        into destination: UnsafeMutableBufferPointer<Float>
    ) throws(FormatError) {
        tensor.type.dequantize(from: try bytes(of: tensor), into: destination)
    }

    /// Writes a tensor's values as bfloat16 bit patterns, rounded to nearest even;
    /// `destination` has `tensor.elementCount` elements.
    public func dequantize(
        _ tensor: GGUFTensor,
        into destination: UnsafeMutableBufferPointer<UInt16>
    ) throws(FormatError) {
        tensor.type.dequantize(from: try bytes(of: tensor), into: destination)
    }
}
