import Foundation

extension Safetensors {
    /// Writes a file atomically, byte for byte as the reference implementation does: tensors by
    /// falling element type, then by name; the header padded with spaces to 8 bytes.
    ///
    /// - Parameters:
    ///   - tensors: In any order; names differ.
    ///   - metadata: What goes under `__metadata__`, for instance `["format": "pt"]`.
    /// - Throws: `FormatError` where a name stands twice, a producer gives more or fewer bytes
    ///   than its shape needs, or the file cannot be written.
    public static func write(
        _ tensors: [SafetensorsSource],
        metadata: [String: String] = [:],
        to url: URL
    ) throws(FormatError) {
        let layout = try SafetensorsLayout(tensors, metadata: metadata, file: url.path)
        try AtomicFile.write(to: url) { sink in
            try sink.write(layout.header)
            for tensor in layout.tensors { try copy(tensor, to: sink, file: url.path) }
        }
    }

    private static func copy(
        _ tensor: SafetensorsSource,
        to sink: FileSink,
        file: String
    ) throws {
        let expected = try tensor.byteCount(file: file)
        var written = 0
        try tensor.produce { bytes in
            written += bytes.count
            try sink.write(bytes)
        }
        guard written == expected else {
            throw FormatError(
                file: file,
                item: tensor.name,
                reason: "\(written) bytes were given, its shape needs \(expected)"
            )
        }
    }
}
