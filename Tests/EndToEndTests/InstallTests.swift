import Foundation
import TestSupport
import Testing

extension OneAtATime {
    /// What `make install PREFIX=` leaves, once everything is built.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct InstallTests {
        private let home: ProgramFolder
        private let installed: URL

        /// Installs below a folder with a space in its name.
        init() throws {
            home = try ProgramFolder()
            installed = home.url("a prefix/bin/preceptor")
            let script = TestFiles.root.appending(path: "Scripts/install")
            let result = try home.start(["a prefix"], executable: script).wait()
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasSuffix("/a prefix/bin/preceptor\n"))
        }

        /// From another folder, through a link as well, with the installed model.
        @Test func installedProgramRuns() throws {
            let elsewhere = try ProgramFolder()
            let link = elsewhere.url("linked")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: installed)
            let version = try elsewhere.start(["--version"], executable: link).wait()
            #expect(version.status == 0 && version.errors.isEmpty)
            #expect(version.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
            let help = try elsewhere.start(["--help"], executable: installed).wait()
            let expected = try elsewhere.run("--help").output
            #expect(help.status == 0 && help.output == expected)
            let arguments = ["generate", "--prompt", "Name a vitamin.", "--max-tokens", "3"]
            let answer = try elsewhere.start(arguments, executable: installed).wait()
            #expect(answer.status == 0 && !answer.output.isEmpty)
        }

        @Test func missingLibtorchIsNamed() throws {
            let result = try home.start(
                ["--version"], executable: installed,
                environment: ["PRECEPTOR_LIBTORCH": "/no/such/lib"]
            ).wait()
            #expect(result.status == 69 && result.output.isEmpty)
            #expect(result.errors.contains("/no/such/lib"))
        }
    }
}
