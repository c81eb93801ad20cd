import FileFormats
import Foundation
import TestSupport
import Testing

struct SafetensorsTests {
    let folder: URL
    let reference = TestFiles.fixtures.appending(path: "formats/reference.safetensors")

    init() throws { folder = try TestFiles.scratchFolder() }

    @Test func readsWhatTheReferenceWrote() throws {
        let file = try Safetensors(url: reference)
        #expect(file.metadata == ["format": "pt"])
        #expect(file.tensors.count == 13)
        let bf16 = try #require(file["weights.bf16"])
        #expect(bf16.dtype == .bf16)
        #expect(bf16.shape == [1, 3])
        #expect(try file.bytes(of: bf16).integers(of: UInt16.self) == [0, 0x3F80, 0x3F80])
        #expect(file["scalar"]?.shape == [])
        #expect(file["scalar"]?.elementCount == 1)
        #expect(file["empty"]?.shape == [0, 4])
        #expect(file["empty"]?.elementCount == 0)
        #expect(file["a \"quoted\"\\\n ü"]?.dtype == .f32)
        #expect(file["missing"] == nil)
    }

    @Test func writesWhatTheReferenceWrites() throws {
        let url = try ReferenceTensors.outputFolder(folder)
            .appending(path: "reference.safetensors")
        try Safetensors.write(ReferenceTensors.all, metadata: ["format": "pt"], to: url)
        #expect(try Data(contentsOf: url) == Data(contentsOf: reference))
    }

    @Test func streamsPieces() throws {
        let url = folder.appending(path: "pieces.safetensors")
        let tensor = SafetensorsSource(name: "t", dtype: .u8, shape: [2, 3]) { sink in
            for piece: [UInt8] in [[1, 2], [], [3, 4, 5, 6]] { try piece.withUnsafeBytes(sink) }
        }
        try Safetensors.write([tensor], to: url)
        let file = try Safetensors(url: url)
        #expect(Array(try file.bytes(of: try #require(file["t"]))) == [1, 2, 3, 4, 5, 6])
        // The length of the header and the header end on a multiple of 8.
        #expect(try #require(file["t"]).offset % 8 == 0)
    }

    @Test func writesNothingWhereSomethingIsWrong() throws {
        let url = folder.appending(path: "t.safetensors")
        try Data("old".utf8).write(to: url)
        let short = SafetensorsSource(name: "t", dtype: .f32, shape: [2]) { sink in
            try [Float(1)].withUnsafeBytes(sink)
        }
        let error = #expect(throws: FormatError.self) { try Safetensors.write([short], to: url) }
        #expect(error?.item == "t")
        #expect(error?.reason == "4 bytes were given, its shape needs 8")
        let twice = [ReferenceTensors.scalar, ReferenceTensors.scalar]
        #expect(throws: FormatError.self) { try Safetensors.write(twice, to: url) }
        #expect(try String(contentsOf: url, encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
}
