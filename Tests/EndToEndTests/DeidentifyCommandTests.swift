import Foundation
import TestSupport
import Testing

extension OneAtATime {
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct DeidentifyCommandTests {
        private let program: ProgramFolder
        private let originals = TestFiles.fixtures.appending(path: "dicom")
        private static let passphrase = "a horse, a battery"

        init() throws { program = try ProgramFolder() }

        private func start(_ output: String, _ more: [String]) throws -> RunningProgram {
            let names = ["signed.dcm", "rgb.dcm", "frames-rle.dcm", "j2k-rgb.dcm", "jpeg-grey.dcm"]
            let files = (0..<20).flatMap { _ in names.map { originals.appending(path: $0).path } }
            return try program.start(
                ["images", "deidentify"] + files
                    + ["--output", output, "--key", "key", "--reviewed", "--rename"] + more,
                environment: ["PRECEPTOR_PASSPHRASE": Self.passphrase])
        }

        private func copies(_ folder: String) throws -> [String: Data] {
            let names = try program.names(in: folder).filter { $0.hasSuffix(".dcm") }
            return try Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, try Data(contentsOf: program.url("\(folder)/\($0)")))
                })
        }

        private func count(_ folder: String) -> Int {
            (try? program.names(in: folder).count { $0.hasSuffix(".dcm") }) ?? 0
        }

        /// Killed before and between copies: each that is there is whole, and the same command
        /// makes the rest, with the mapping of all.
        @Test(.timeLimit(.minutes(3)), arguments: [1, 23, 61])
        func killedRunsGoOn(after few: Int) throws {
            let whole = try start("reference", ["--mapping", "reference-mapping"]).wait()
            try #require(whole.status == 0, "\(whole.errors)")
            let reference = try copies("reference")
            #expect(reference.count == 100)
            let running = try start("killed", ["--mapping", "mapping"])
            _ = running.wait { count("killed") >= few }
            running.send(SIGKILL)
            try #require(try running.wait().wasKilled)
            let before = try copies("killed")
            #expect(before.count >= few && before.count < 100)
            #expect(before.allSatisfy { reference[$0.key] == $0.value })
            #expect(!program.exists("mapping"))
            let again = try start("killed", ["--mapping", "mapping"]).wait()
            #expect(again.status == 0, "\(again.errors)")
            #expect(again.output.components(separatedBy: ": made before").count - 1 == before.count)
            #expect(try copies("killed") == reference)
            #expect(
                try Set(program.names(in: "killed")) == Set(reference.keys).union([".deidentified"])
            )
            #expect(try mapping("mapping") == mapping("reference-mapping"))
        }

        private func mapping(_ name: String) throws -> String {
            let result = try program.start(
                ["images", "mapping", name],
                environment: ["PRECEPTOR_PASSPHRASE": Self.passphrase]
            ).wait()
            #expect(result.status == 0, "\(result.errors)")
            return result.output
        }

        @Test func mappingsNeedTheirPassphrase() throws {
            let scan = originals.appending(path: "signed.dcm").path
            func deidentify(_ more: String...) throws -> RunningProgram.Result {
                try program.start(
                    ["images", "deidentify", scan, "--output", "out", "--reviewed"] + more
                ).wait()
            }
            let none = try deidentify("--mapping", "mapping")
            #expect(none.status == 64 && none.errors.contains("--passphrase FILE"))
            #expect(!program.exists("out"))
            try program.write("too short\n", to: "short")
            let short = try deidentify("--mapping", "mapping", "--passphrase", "short")
            #expect(short.status == 1)
            #expect(short.errors == "Error: short: the passphrase: has fewer than 12 characters\n")
            #expect(try deidentify("--passphrase", "short").status == 64)
            try program.write(Self.passphrase, to: "secret")
            #expect(try deidentify("--mapping", "mapping", "--passphrase", "secret").status == 0)
            let read = try program.run("images", "mapping", "mapping", "--passphrase", "secret")
            let files = try #require(try object(read.output)["files"] as? [[String: String]])
            #expect(files == [["original": scan, "replacement": "signed.dcm"]])
            try program.write("another passphrase", to: "wrong")
            let wrong = try program.run("images", "mapping", "mapping", "--passphrase", "wrong")
            #expect(wrong.status == 1 && wrong.output.isEmpty)
            #expect(wrong.errors.contains("the passphrase is wrong, or the file was changed"))
            let twice = try deidentify("--mapping", "mapping", "--passphrase", "secret")
            #expect(twice.status == 1 && twice.errors.contains("mapping: is there already"))
        }
    }
}
