import FileFormats
import Foundation
import TestSupport
import Testing

/// Files that lie: each one gives an error that names the part and the reason.
struct GGUFHostileTests {
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private func expectFailure(
        _ bytes: GGUFBytes,
        item: String?,
        _ reason: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let url = try bytes.write(folder)
        let error = #expect(throws: FormatError.self, sourceLocation: location) {
            _ = try GGUF(url: url)
        }
        #expect(error?.file == url.path, sourceLocation: location)
        #expect(error?.item == item, sourceLocation: location)
        #expect(error?.reason.contains(reason) == true, sourceLocation: location)
    }

    /// One key of a type, whose value the test adds.
    private func key(_ type: UInt32, _ add: (inout GGUFBytes) -> Void) -> GGUFBytes {
        var bytes = GGUFBytes(keys: 1)
        bytes.addKey("k", type: type)
        add(&bytes)
        return bytes
    }

    /// One tensor with 64 bytes of data.
    private func tensor(
        _ dimensions: [UInt64],
        type: UInt32 = 0,
        offset: UInt64 = 0
    ) -> GGUFBytes {
        var bytes = GGUFBytes(tensors: 1)
        bytes.addTensor("t", dimensions: dimensions, type: type, offset: offset)
        bytes.pad(to: 32)
        bytes.bytes += [UInt8](repeating: 0, count: 64)
        return bytes
    }

    @Test func magicAndVersion() throws {
        try expectFailure(GGUFBytes(magic: "GGML"), item: "magic", "not a GGUF file")
        try expectFailure(GGUFBytes(version: 1), item: "version", "1 is not 2 or 3")
        try expectFailure(GGUFBytes(version: 3 << 24), item: "version", "big-endian")
    }

    @Test func counts() throws {
        try expectFailure(GGUFBytes(tensors: 1 << 60), item: "tensor count", "do not fit")
        try expectFailure(GGUFBytes(tensors: .max), item: "tensor count", "do not fit")
        try expectFailure(GGUFBytes(keys: 1 << 60), item: "metadata count", "do not fit")
        try expectFailure(key(8) { $0.add(UInt64(1) << 60) }, item: "k", "do not fit")
        for type in UInt32(0)...12 {
            let array = key(9) { bytes in
                bytes.add(type)
                bytes.add(UInt64(1) << 60)
                bytes.bytes += [UInt8](repeating: 0, count: 100)
            }
            try expectFailure(array, item: "k", "do not fit")
        }
    }

    @Test func values() throws {
        try expectFailure(key(7) { $0.add(UInt8(2)) }, item: "k", "neither 0 nor 1")
        try expectFailure(key(13) { $0.add(UInt8(2)) }, item: "k", "unknown value type 13")
        let text = key(8) { bytes in
            bytes.add(UInt64(2))
            bytes.bytes += [0xC3, 0x28]
        }
        try expectFailure(text, item: "k", "UTF-8")
        let replacement = key(8) { $0.add("\u{FFFD}") }
        #expect(
            try GGUF(url: try replacement.write(folder)).metadata["k"] == .string("\u{FFFD}")
        )
    }

    @Test func nesting() throws {
        let deep = key(9) { bytes in
            for _ in 0..<100 {
                bytes.add(UInt32(9))
                bytes.add(UInt64(1))
            }
        }
        try expectFailure(deep, item: "k", "nested deeper")
    }

    @Test func alignment() throws {
        for alignment: UInt32 in [0, 3, 24] {
            var bytes = GGUFBytes(keys: 1)
            bytes.addKey("general.alignment", type: 4)
            bytes.add(alignment)
            try expectFailure(bytes, item: "general.alignment", "power of two")
        }
        var large = GGUFBytes(keys: 1)
        large.addKey("general.alignment", type: 10)
        large.add(UInt64(1) << 62)
        #expect(try GGUF(url: try large.write(folder)).tensors.isEmpty)
    }

    @Test func shapes() throws {
        try expectFailure(tensor([1, 1, 1, 1, 1]), item: "t", "5 dimensions")
        try expectFailure(tensor([1 << 63]), item: "t", "too large")
        try expectFailure(tensor([1 << 32, 1 << 32]), item: "t", "too large")
        try expectFailure(tensor([1 << 61, 1]), item: "t", "too large")
        try expectFailure(tensor([0, 1 << 62, 1 << 62]), item: "t", "too large")
        try expectFailure(tensor([33], type: 8), item: "t", "whole blocks")
        try expectFailure(tensor([], type: 8), item: "t", "whole block")
        try expectFailure(tensor([32], type: 4), item: "t", "type 4 is not supported")
    }

    @Test func offsets() throws {
        #expect(try GGUF(url: try tensor([16]).write(folder))["t"]?.byteCount == 64)
        try expectFailure(tensor([17]), item: "t", "outside")
        try expectFailure(tensor([8], offset: 4), item: "t", "multiple of 32")
        try expectFailure(tensor([8], offset: 64), item: "t", "outside")
        try expectFailure(tensor([8], offset: 1 << 63), item: "t", "multiple")
        try expectFailure(tensor([8], offset: (1 << 63) - 32), item: "t", "too large")
    }

    @Test func names() throws {
        var keys = GGUFBytes(keys: 2)
        for _ in 0..<2 {
            keys.addKey("k", type: 0)
            keys.add(UInt8(0))
        }
        try expectFailure(keys, item: "k", "twice")
        var tensors = GGUFBytes(tensors: 2)
        for offset: UInt64 in [0, 32] {
            tensors.addTensor("t", dimensions: [8], type: 0, offset: offset)
        }
        tensors.pad(to: 32)
        tensors.bytes += [UInt8](repeating: 0, count: 64)
        try expectFailure(tensors, item: "t", "twice")
    }

    @Test func overlaps() throws {
        var bytes = GGUFBytes(tensors: 2)
        bytes.addTensor("t", dimensions: [16], type: 0, offset: 0)
        bytes.addTensor("u", dimensions: [8], type: 0, offset: 32)
        bytes.pad(to: 32)
        bytes.bytes += [UInt8](repeating: 0, count: 64)
        try expectFailure(bytes, item: "u", "overlaps")
    }
}
