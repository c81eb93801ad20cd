import Foundation

/// A small GGUF file of f32 tensors (specification: ggml `docs/gguf.md`).
public struct GGUFFile {
    /// A value of the metadata.
    public enum Value: Sendable {
        case text(String)
        case number(UInt32)
        case real(Float)
        case truth(Bool)
    }

    private let metadata: [(key: String, value: Value)]
    private let tensors: [(name: String, shape: [Int], values: [Float])]

    /// - Parameter tensors: sizes, slowest dimension first, and values in row-major order.
    public init(
        metadata: [(key: String, value: Value)],
        tensors: [(name: String, shape: [Int], values: [Float])]
    ) {
        self.metadata = metadata
        self.tensors = tensors
    }

    /// Writes the file.
    public func write(to url: URL) throws {
        var bytes = Array("GGUF".utf8)
        add(UInt32(3), to: &bytes)
        add(UInt64(tensors.count), to: &bytes)
        add(UInt64(metadata.count), to: &bytes)
        for entry in metadata { add(entry.key, entry.value, to: &bytes) }
        var offset = 0
        for tensor in tensors {
            add(tensor.name, to: &bytes)
            add(UInt32(tensor.shape.count), to: &bytes)
            for size in tensor.shape.reversed() { add(UInt64(size), to: &bytes) }
            add(UInt32(0), to: &bytes)
            add(UInt64(offset), to: &bytes)
            offset = aligned(offset + tensor.values.count * 4)
        }
        for tensor in tensors {
            bytes += Array(repeating: 0, count: aligned(bytes.count) - bytes.count)
            for value in tensor.values { add(value.bitPattern, to: &bytes) }
        }
        try Data(bytes).write(to: url)
    }

    private func add(_ key: String, _ value: Value, to bytes: inout [UInt8]) {
        add(key, to: &bytes)
        switch value {
        case .number(let number):
            add(UInt32(4), to: &bytes)
            add(number, to: &bytes)
        case .real(let number):
            add(UInt32(6), to: &bytes)
            add(number.bitPattern, to: &bytes)
        case .truth(let isTrue):
            add(UInt32(7), to: &bytes)
            add(UInt8(isTrue ? 1 : 0), to: &bytes)
        case .text(let text):
            add(UInt32(8), to: &bytes)
            add(text, to: &bytes)
        }
    }

    private func add(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += Array($0) }
    }

    private func add(_ text: String, to bytes: inout [UInt8]) {
        add(UInt64(text.utf8.count), to: &bytes)
        bytes += Array(text.utf8)
    }

    private func aligned(_ count: Int) -> Int { (count + 31) / 32 * 32 }
}
