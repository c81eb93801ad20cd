import FileFormats
import Foundation
import TestSupport
import Testing

/// Against the `gguf` Python package: the fixtures of `Scripts/reference/formats.py`.
struct DequantizationTests {
    let blocks: GGUF
    let expected: Safetensors

    init() throws {
        let folder = TestFiles.fixtures.appending(path: "formats")
        blocks = try GGUF(url: folder.appending(path: "blocks.gguf"))
        expected = try Safetensors(url: folder.appending(path: "blocks-expected.safetensors"))
    }

    @Test(arguments: GGMLType.allCases)
    func decodesToFloat(_ type: GGMLType) throws {
        let tensor = try #require(blocks[type.name])
        var values = [Float](repeating: 7, count: tensor.elementCount)
        try values.withUnsafeMutableBufferPointer { try blocks.dequantize(tensor, into: $0) }
        let reference = try #require(expected[type.name])
        #expect(reference.shape == tensor.shape)
        let bits = try expected.bytes(of: reference).integers(of: UInt32.self)
        // Bit for bit: the operations and their order are the same.
        #expect(values.map(\.bitPattern) == bits)
    }

    @Test(arguments: GGMLType.allCases)
    func decodesToBFloat16(_ type: GGMLType) throws {
        let tensor = try #require(blocks[type.name])
        var values = [UInt16](repeating: 7, count: tensor.elementCount)
        try values.withUnsafeMutableBufferPointer { try blocks.dequantize(tensor, into: $0) }
        let reference = try #require(expected[type.name + ".bf16"])
        #expect(values == (try expected.bytes(of: reference).integers(of: UInt16.self)))
    }

    @Test func decodesManyChunks() {
        // 9000 blocks of Q8_0 are more than four chunks of 65536 elements; block i holds i % 251
        // with scale 0.5 (0x3800), of which the bytes above 127 are negative.
        let count = 9000
        var source: [UInt8] = []
        for block in 0..<count {
            source += [0x00, 0x38] + [UInt8](repeating: UInt8(block % 251), count: 32)
        }
        var values = [Float](repeating: 0, count: 32 * count)
        source.withUnsafeBytes { source in
            values.withUnsafeMutableBufferPointer { values in
                GGMLType.q8_0.dequantize(from: source, into: values)
            }
        }
        let wanted = (0..<32 * count).map { index in
            0.5 * Float(Int8(bitPattern: UInt8(index / 32 % 251)))
        }
        #expect(values == wanted)
    }

    @Test func sizesOfBlocks() {
        // One block of each type, from the structures in ggml-common.h.
        #expect(GGMLType.q4_K.blockByteCount == 2 + 2 + 12 + 128)
        #expect(GGMLType.q5_K.blockByteCount == 2 + 2 + 12 + 32 + 128)
        #expect(GGMLType.q6_K.blockByteCount == 128 + 64 + 16 + 2)
        #expect(GGMLType.q4_K.name == "Q4_K")
    }
}

extension UnsafeRawBufferPointer {
    /// Little-endian integers, unaligned.
    func integers<Value: FixedWidthInteger>(of type: Value.Type) -> [Value] {
        stride(from: 0, to: count, by: MemoryLayout<Value>.size).map {
            Value(littleEndian: loadUnaligned(fromByteOffset: $0, as: type))
        }
    }
}
