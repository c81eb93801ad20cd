import FileFormats
import Foundation
import Torch

/// Named tensors in one safetensors file.
public enum TensorFile {
    /// Replaces a file atomically.
    ///
    /// - Throws: ``FormatError`` when the disk refuses.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws(FormatError) {
        let sources = tensors.map { entry in
            SafetensorsSource(
                name: entry.name, dtype: SafetensorsDType(entry.tensor.dtype),
                shape: entry.tensor.shape
            ) { sink in try entry.tensor.withContiguousBytes(sink) }
        }
        try Safetensors.write(sources, metadata: metadata, to: url)
    }
}
