import FileFormats
import Foundation
import Torch

/// Named tensors in one safetensors file.
public enum TensorFile {
    /// A tensor that is made only when its turn to be written comes.
    public struct Entry {
        let name: String
        let dtype: DType
        let shape: [Int]
        let make: () throws(FormatError) -> Tensor

        public init(
            name: String, dtype: DType, shape: [Int],
            make: @escaping () throws(FormatError) -> Tensor
        ) {
            self.name = name
            self.dtype = dtype
            self.shape = shape
            self.make = make
        }
    }

    /// Replaces a file atomically.
    ///
    /// - Throws: ``FormatError`` when the disk refuses.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws(FormatError) {
        let entries = tensors.map { name, tensor in
            Entry(name: name, dtype: tensor.dtype, shape: tensor.shape) { tensor }
        }
        try write(entries, metadata: metadata, to: url)
    }

    /// Replaces a file atomically by tensors of which one at a time is in memory.
    ///
    /// - Throws: ``FormatError`` when the disk refuses, or one cannot be made.
    public static func write(
        _ entries: [Entry], metadata: [String: String] = [:], to url: URL
    ) throws(FormatError) {
        let sources = entries.map { entry in
            SafetensorsSource(
                name: entry.name, dtype: SafetensorsDType(entry.dtype), shape: entry.shape
            ) { sink in try entry.make().withContiguousBytes(sink) }
        }
        try Safetensors.write(sources, metadata: metadata, to: url)
    }
}
