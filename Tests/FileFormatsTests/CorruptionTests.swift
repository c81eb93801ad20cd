import FileFormats
import Foundation
import TestSupport
import Testing

struct CorruptionTests {
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private func gguf(_ bytes: [UInt8]) -> Corruption {
        Corruption(original: bytes, url: folder.appending(path: "damaged.gguf")) {
            (url) throws(FormatError) in
            let file = try GGUF(url: url)
            for tensor in file.tensors {
                let values = UnsafeMutableBufferPointer<Float>.allocate(
                    capacity: tensor.elementCount
                )
                defer { values.deallocate() }
                try file.dequantize(tensor, into: values)
            }
        }
    }

    private func safetensors() throws -> Corruption {
        let original = TestFiles.fixtures.appending(path: "formats/reference.safetensors")
        let url = folder.appending(path: "damaged.safetensors")
        return Corruption(original: [UInt8](try Data(contentsOf: original)), url: url) {
            (url) throws(FormatError) in
            let file = try Safetensors(url: url)
            for tensor in file.tensors { _ = try file.bytes(of: tensor).reduce(0, &+) }
        }
    }

    @Test func truncatedGGUF() throws {
        try gguf(GGUFBytes.small().bytes).truncateEverywhere()
    }

    @Test func truncatedPaddingOfGGUF() throws {
        let padding = [UInt8](repeating: 0, count: 6)
        try gguf(GGUFBytes.small().bytes + padding).truncateEverywhere(padding: 6)
    }

    @Test func flippedGGUF() throws {
        let bytes = GGUFBytes.small().bytes
        try gguf(bytes).flipEverywhere(in: bytes.indices)
    }

    @Test func truncatedSafetensors() throws {
        try safetensors().truncateEverywhere()
    }

    @Test func flippedSafetensors() throws {
        let corruption = try safetensors()
        try corruption.flipEverywhere(in: corruption.original.indices)
    }
}
