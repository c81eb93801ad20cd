import FileFormats
import Foundation
import TestSupport
import Testing

struct AtomicFileTests {
    struct Interruption: Error {}

    let folder: URL
    let url: URL

    init() throws {
        folder = try TestFiles.scratchFolder()
        url = folder.appending(path: "name")
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func writesAndReplaces() throws {
        try AtomicFile.write("one", to: url)
        try AtomicFile.write("second", to: url)
        #expect(try String(contentsOf: url, encoding: .utf8) == "second")
        #expect(try names() == ["name"])
    }

    @Test func writesSmallAndLargePieces() throws {
        // 100 kB pieces pass by the buffer of 64 KiB, the others fill it several times.
        let sizes = [1, 100_000, 3, 40_000, 40_000, 65_536, 0, 7]
        let pieces = sizes.enumerated().map { Data(repeating: UInt8($0), count: $1) }
        try AtomicFile.write(to: url) { sink in
            for piece in pieces { try sink.write(piece) }
        }
        #expect(try Data(contentsOf: url) == pieces.reduce(Data(), +))
    }

    @Test func showsNothingBeforeTheEnd() throws {
        try AtomicFile.write("old", to: url)
        try AtomicFile.write(to: url) { sink in
            try sink.write(Data(count: 100_000))
            #expect(try String(contentsOf: url, encoding: .utf8) == "old")
        }
        #expect(try Data(contentsOf: url).count == 100_000)
    }

    @Test func failuresLeaveTheOldFile() throws {
        try AtomicFile.write("old", to: url)
        #expect(throws: FormatError(file: url.path, reason: "Interruption()")) {
            try AtomicFile.write(to: url) { sink in
                try sink.write("half")
                throw Interruption()
            }
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == "old")
        #expect(try names() == ["name"])
    }

    @Test func makesTheFolder() throws {
        let deep = folder.appending(path: "new/deeper/name")
        try AtomicFile.write("x", to: deep)
        #expect(try String(contentsOf: deep, encoding: .utf8) == "x")
        #expect(throws: FormatError(file: deep.path, reason: "cannot be made a folder")) {
            try AtomicFile.write("y", to: deep.appending(path: "name"))
        }
    }

    @Test func writesAndReplacesFolders() throws {
        for text in ["one", "two"] {
            try AtomicFolder.write(to: url) { folder in
                let inner = folder.appending(path: "inner")
                try FileManager.default.createDirectory(
                    at: inner,
                    withIntermediateDirectories: false
                )
                try AtomicFile.write(text, to: inner.appending(path: text))
            }
            #expect(try names() == ["name"])
            let path = url.appending(path: "inner").path
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [text])
        }
    }

    @Test func failuresLeaveTheOldFolder() throws {
        try AtomicFolder.write(to: url) { try AtomicFile.write("old", to: $0.appending(path: "a")) }
        #expect(throws: FormatError.self) {
            try AtomicFolder.write(to: url) { folder in
                try AtomicFile.write("new", to: folder.appending(path: "b"))
                throw Interruption()
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: url.path) == ["a"])
        #expect(try names() == ["name"])
    }

    @Test func doesNotReplaceAFileByAFolder() throws {
        try AtomicFile.write("file", to: url)
        #expect(throws: FormatError.self) { try AtomicFolder.write(to: url) { _ in } }
        #expect(try String(contentsOf: url, encoding: .utf8) == "file")
    }
}
