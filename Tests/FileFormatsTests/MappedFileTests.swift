import FileFormats
import Foundation
import TestSupport
import Testing

struct MappedFileTests {
    let folder: URL
    let url: URL

    init() throws {
        folder = try TestFiles.scratchFolder()
        url = folder.appending(path: "file")
        try Data([1, 2, 3, 4]).write(to: url)
    }

    @Test func givesBytes() throws {
        let file = try MappedFile(url: url)
        #expect(file.count == 4)
        #expect(Array(file.bytes) == [1, 2, 3, 4])
        #expect(Array(try file.bytes(at: 1, count: 2)) == [2, 3])
        #expect(try file.bytes(at: 4, count: 0).isEmpty)
    }

    @Test(arguments: [(4, 1), (0, 5), (-1, 1), (1, -1), (5, 0), (Int.max, Int.max), (1, Int.max)])
    func refusesWhatIsOutside(offset: Int, count: Int) throws {
        let file = try MappedFile(url: url)
        let error = #expect(throws: FormatError.self) {
            _ = try file.bytes(at: offset, count: count, item: "t")
        }
        #expect(error?.item == "t")
    }

    @Test func mapsEmptyFiles() throws {
        try Data().write(to: url)
        let file = try MappedFile(url: url)
        #expect(file.count == 0)
        #expect(try file.bytes(at: 0, count: 0).isEmpty)
    }

    @Test func refusesWhatIsNoFile() throws {
        #expect(throws: FormatError(file: folder.path, reason: "is a folder, not a file")) {
            _ = try MappedFile(url: folder)
        }
        let missing = folder.appending(path: "missing")
        #expect(
            throws: FormatError(
                file: missing.path,
                reason: "cannot open: No such file or directory"
            )
        ) { _ = try MappedFile(url: missing) }
        #expect(throws: FormatError.self) {
            _ = try MappedFile(url: URL(filePath: "/dev/null"))
        }
    }

    @Test(.enabled(if: getuid() != 0, "root may read every file"))
    func refusesWhatMayNotBeRead() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: url.path)
        let error = #expect(throws: FormatError.self) { _ = try MappedFile(url: url) }
        #expect(error?.reason == "cannot open: Permission denied")
    }

    @Test func keepsTheOldFileWhenItIsReplaced() throws {
        let file = try MappedFile(url: url)
        try AtomicFile.write(Data([9]), to: url)
        #expect(Array(file.bytes) == [1, 2, 3, 4])
    }
}
