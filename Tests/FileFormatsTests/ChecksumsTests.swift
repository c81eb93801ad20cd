import FileFormats
import Foundation
import TestSupport
import Testing

struct ChecksumsTests {
    let folder: URL
    let inner: URL

    init() throws {
        folder = try TestFiles.scratchFolder()
        inner = folder.appending(path: "inner/b")
        try FileManager.default.createDirectory(
            at: inner.deletingLastPathComponent(),
            withIntermediateDirectories: false
        )
        try Data("abc".utf8).write(to: folder.appending(path: "a"))
        try Data().write(to: inner)
    }

    @Test func knownDigests() throws {
        // FIPS 180-4, the examples for "abc" and the empty message.
        #expect(
            try Checksums.sha256(of: folder.appending(path: "a"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            try Checksums.sha256(of: inner)
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func namesTheFileThatChanged() throws {
        try Checksums.writeManifest(folder: folder)
        try Checksums.verify(folder: folder)
        try Data([0]).write(to: inner)
        let expected = FormatError(file: inner.path, reason: "does not match its checksum")
        #expect(throws: expected) { try Checksums.verify(folder: folder) }
        try FileManager.default.removeItem(at: inner)
        let error = #expect(throws: FormatError.self) { try Checksums.verify(folder: folder) }
        #expect(error?.file == inner.path)
    }

    @Test func damagedManifests() throws {
        let url = folder.appending(path: "checksums.json")
        #expect(throws: FormatError.self) { try Checksums.verify(folder: folder) }
        for text in ["", "{}", "{\"sha256\":{\"a\":1}}", "{\"sha256\":{\"../a\":\"00\"}}"] {
            try Data(text.utf8).write(to: url)
            let error = #expect(throws: FormatError.self) { try Checksums.verify(folder: folder) }
            #expect(error?.file == url.path)
        }
    }
}
