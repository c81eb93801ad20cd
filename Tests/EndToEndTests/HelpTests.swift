import Foundation
import TestSupport
import Testing

extension OneAtATime {
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct HelpTests {
        /// After a change that was meant, run the tests with `UPDATE_SNAPSHOTS=1` and read the
        /// difference before committing it.
        @Test(arguments: [
            "", "quickstart", "sft", "reward", "dpo", "kto", "ppo", "grpo", "rloo", "generate",
            "chat", "score", "preview", "evaluate", "probe", "answers", "compare", "study", "cases",
            "split", "compose", "merge", "attack", "images", "images deidentify", "images mapping",
            "images render",
            "images info", "workbench", "audit", "audit verify", "engine", "doctor",
        ])
        func helpTexts(command: String) throws {
            let program = try ProgramFolder()
            let arguments = command.split(separator: " ").map(String.init) + ["--help"]
            let result = try program.start(arguments).wait()
            #expect(result.status == 0 && result.errors.isEmpty)
            let name =
                command.isEmpty ? "preceptor" : command.replacing(" ", with: "-")
            let file = TestFiles.fixtures.appending(path: "help/\(name).txt")
            if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
                try Data(result.output.utf8).write(to: file)
            }
            let expected = try String(contentsOf: file, encoding: .utf8)
            #expect(result.output == expected, "differs from help/\(name).txt")
        }

        @Test func everySubcommandHasASnapshot() throws {
            let result = try ProgramFolder().run("--help")
            let list = result.output.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
            let names = list.split(separator: "\n").compactMap { line in
                line.hasPrefix("  ") && !line.hasPrefix("   ") && !line.hasPrefix("  See")
                    ? line.split(separator: " ").first.map(String.init) : nil
            }
            #expect(names.count >= 9)
            for name in names {
                let file = TestFiles.fixtures.appending(path: "help/\(name).txt")
                #expect(FileManager.default.fileExists(atPath: file.path), "help/\(name).txt")
            }
        }

        /// Through a link and from another folder.
        @Test func launcherFollowsLinks() throws {
            let program = try ProgramFolder()
            let link = program.url("linked")
            try FileManager.default.createSymbolicLink(
                at: link, withDestinationURL: ProgramFolder.launcher)
            let result = try program.start(["--version"], executable: link).wait()
            #expect(result.status == 0 && result.errors.isEmpty)
            #expect(result.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
        }
    }
}
