import FileFormats
import Foundation
import TestSupport
import Testing

struct GGUFTests {
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    @Test func readsTensorsAndMetadata() throws {
        let file = try GGUF(url: try GGUFBytes.small().write(folder))
        #expect(file.version == 3)
        #expect(file.alignment == 8)
        #expect(file.metadata["list"] == .array([.string("x"), .string("yz")]))
        #expect(file.tensors.map(\.name) == ["a", "b"])
        // Dimensions [3, 2] of the file are rows of 3.
        #expect(file["a"]?.shape == [2, 3])
        #expect(file["b"]?.byteCount == 34)
        #expect(file["c"] == nil)
    }

    @Test func dequantizes() throws {
        let file = try GGUF(url: try GGUFBytes.small().write(folder))
        let tensor = try #require(file["b"])
        var values = [Float](repeating: -1, count: 32)
        try values.withUnsafeMutableBufferPointer { try file.dequantize(tensor, into: $0) }
        // The scale 0x3C00 is 1.
        #expect(values == (0..<32).map { Float($0 - 16) })
    }

    @Test func readsVersion2() throws {
        var bytes = GGUFBytes.small()
        bytes.bytes[4] = 2
        #expect(try GGUF(url: try bytes.write(folder)).version == 2)
    }

    @Test func readsEveryTypeOfValue() throws {
        let url = TestFiles.fixtures.appending(path: "formats/blocks.gguf")
        let metadata = try GGUF(url: url).metadata
        #expect(metadata["general.architecture"] == .string("test"))
        #expect(metadata["test.uint8"] == .unsigned(200))
        #expect(metadata["test.int8"] == .signed(-100))
        #expect(metadata["test.uint16"] == .unsigned(60000))
        #expect(metadata["test.int16"] == .signed(-30000))
        #expect(metadata["test.uint32"] == .unsigned(4_000_000_000))
        #expect(metadata["test.int32"] == .signed(-2_000_000_000))
        #expect(metadata["test.uint64"] == .unsigned(1 << 63))
        #expect(metadata["test.int64"] == .signed(-(1 << 62)))
        #expect(metadata["test.float32"] == .float(0.5))
        #expect(metadata["test.float64"] == .float(0.1))
        #expect(metadata["test.bool"] == .bool(true))
        #expect(metadata["test.string"] == .string("Fieber ≥ 38 °C"))
        #expect(metadata["test.strings"]?.array?.map(\.string) == ["a", "", "ü"])
        #expect(metadata["test.integers"]?.array?.map(\.integer) == [1, -2, 3])
    }

    @Test func readsNestedArrays() throws {
        var bytes = GGUFBytes(keys: 1)
        bytes.addKey("nested", type: 9)
        bytes.add(UInt32(9))
        bytes.add(UInt64(2))
        for values: [UInt8] in [[1, 2], []] {
            bytes.add(UInt32(0))
            bytes.add(UInt64(values.count))
            bytes.bytes += values
        }
        let file = try GGUF(url: try bytes.write(folder))
        #expect(
            file.metadata["nested"]
                == .array([.array([.unsigned(1), .unsigned(2)]), .array([])])
        )
    }

    @Test(.enabled(if: TestFiles.defaultModel != nil, "needs the default model"))
    func readsTheDefaultModel() throws {
        let file = try GGUF(url: try #require(TestFiles.defaultModel))
        #expect(file.tensors.count == 272)
        #expect(file.metadata["general.architecture"] == .string("llama"))
        #expect(file.metadata["tokenizer.ggml.tokens"]?.array?.count == 49152)
        #expect(file["token_embd.weight"]?.shape == [49152, 576])
    }
}
