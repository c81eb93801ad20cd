import Foundation
import TestSupport
import Testing

@testable import Images

struct MappingFileTests {
    private let path: String
    private let replacements: Replacements

    init() throws {
        path = try TestFiles.scratchFolder().appending(path: "mapping").path
        let told = Data(
            #"{"uids":["312e32","2.25.7"],"patients":["4df86c6c6572","P1","4dc3bc6c6c6572","P2"]}"#
                .utf8)
        var made = Replacements()
        made.add(
            file: "/scans/Mueller.dcm", copiedAs: "1.dcm",
            try JSONDecoder().decode(Replacements.Told.self, from: told))
        replacements = made
    }

    private func file(_ passphrase: String = "correct horse battery") throws -> MappingFile {
        MappingFile(path, opened: try Passphrase(passphrase))
    }

    private func problem(_ body: () throws -> Void) -> ImageProblem? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ImageError)?.problem ?? error as? ImageProblem
        }
    }

    @Test func bytesBecomeText() {
        #expect(Set(replacements.patients.map(\.original)) == ["Møller", "Müller"])
        #expect(replacements.uids.map(\.original) == ["1.2"])
    }

    @Test func onlyThePassphraseOpensIt() throws {
        try file().requireRoom()
        try file().write(replacements)
        #expect(try file("correct horse battery\n").read() == replacements)
        let wrong = ImageProblem.unreadable("the passphrase is wrong, or the file was changed")
        #expect(problem { _ = try file("correct horse batterx").read() } == wrong)
        let bytes = try Data(contentsOf: URL(filePath: path))
        for text in ["Mueller", "ller", "2.25.7", "1.dcm", "files"] {
            #expect(bytes.range(of: Data(text.utf8)) == nil)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        // Every part is authenticated.
        for place in [22, 40, 50, bytes.count - 1] {
            var changed = bytes
            changed[place] ^= 1
            try changed.write(to: URL(filePath: path))
            #expect(problem { _ = try file().read() } == wrong, "byte \(place)")
        }
        for cut in [bytes.prefix(30), Data("preceptor mapping 2\n".utf8) + bytes.dropFirst(20)] {
            try cut.write(to: URL(filePath: path))
            #expect(problem { _ = try file().read() } == .corrupt("it is no mapping file"))
        }
    }

    @Test func twoFilesHaveNothingInCommon() throws {
        try file().write(replacements)
        let first = try Data(contentsOf: URL(filePath: path))
        try FileManager.default.removeItem(atPath: path)
        try file().write(replacements)
        let second = try Data(contentsOf: URL(filePath: path))
        #expect(first.count == second.count && first.prefix(20) == second.prefix(20))
        #expect(zip(first, second).dropFirst(20).filter { $0 == $1 }.count < first.count / 4)
    }

    @Test func noneIsReplaced() throws {
        try Data("mine".utf8).write(to: URL(filePath: path))
        #expect(problem { try file().requireRoom() } == .exists)
        #expect(problem { try file().write(replacements) } == .exists)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
        let nowhere = MappingFile("/nowhere/mapping", opened: try Passphrase("123456789012"))
        #expect(problem { try nowhere.requireRoom() }?.kind == "unwritable")
    }

    @Test func shortPassphrasesAreRefused() throws {
        for text in ["", "short", "12345678901\n"] {
            #expect(problem { _ = try Passphrase(text) }?.kind == "setting", "\(text)")
        }
        #expect(problem { _ = try Passphrase("two lines\nof text") }?.kind == "setting")
        let decomposed = try Passphrase("Mu\u{308}ller 4711 x")
        #expect(try decomposed.bytes == Passphrase("M\u{fc}ller 4711 x").bytes)
    }
}
