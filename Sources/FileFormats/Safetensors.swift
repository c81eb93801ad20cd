import Foundation

/// A safetensors file, memory-mapped (specification: safetensors `README.md`, "Format").
///
/// Opening reads the header only; weights are loaded when they are touched.
public struct Safetensors: Sendable {
    /// The mapped file, which must live as long as its bytes are used.
    public let file: MappedFile
    /// The texts under `__metadata__`.
    public let metadata: [String: String]
    /// In the order of their bytes in the file.
    public let tensors: [SafetensorsTensor]

    private let indices: [String: Int]

    /// Opens a file and checks its header against its size: known types, sizes that match the
    /// shapes, and data without holes or overlaps.
    ///
    /// - Throws: `FormatError` with the tensor at fault.
    public init(url: URL) throws(FormatError) {
        let file = try MappedFile(url: url)
        let header = try SafetensorsHeader(file: file)
        self.file = file
        metadata = header.metadata
        tensors = header.tensors
        indices = Dictionary(
            uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) }
        )
    }

    /// The tensor of that name, if the file has one.
    public subscript(name: String) -> SafetensorsTensor? {
        indices[name].map { tensors[$0] }
    }

    /// The bytes of a tensor, valid as long as `file` lives; not necessarily aligned.
    public func bytes(of tensor: SafetensorsTensor) throws(FormatError) -> UnsafeRawBufferPointer {
        try file.bytes(at: tensor.offset, count: tensor.byteCount, item: tensor.name)
    }
}
