import Foundation
import TestSupport
import Testing

extension OneAtATime {
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct ImagesCommandTests {
        private let program: ProgramFolder
        private let situations = TestFiles.fixtures.appending(path: "dicom-situations")

        init() throws { program = try ProgramFolder() }

        private func dicom(_ name: String) -> String {
            situations.appending(path: "\(name).dcm").path
        }

        /// One file that cannot be shown stops none of the others; two of one name are two files.
        @Test func renderWritesWhatCanBeShown() throws {
            let picture = TestFiles.fixtures.appending(path: "images/rotated.jpg").path
            let result = try program.run(
                "images", "render", dicom("sigmoid"), dicom("comma"), picture, picture,
                "--output", "shown", "--size", "20")
            #expect(result.status == 1)
            let refusal = "\(dicom("comma")): is damaged: Window Center is no decimal number\n"
            #expect(result.errors == refusal)
            #expect(result.output.contains(#""source" : "the data set""#))
            #expect(
                try program.names(in: "shown").sorted()
                    == ["rotated-2.png", "rotated.png", "sigmoid.png"])
            let again = try program.run(
                "images", "render", dicom("sigmoid"), "--output", "shown")
            #expect(again.status == 1 && again.errors.hasSuffix("is there already\n"))
        }

        @Test func windowsAreChosen() throws {
            func render(_ window: String) throws -> RunningProgram.Result {
                try program.run(
                    "images", "render", dicom("comma"), "--output", "out", "--overwrite",
                    "--window=\(window)")
            }
            let chosen = try render("-100.5,300")
            #expect(chosen.status == 0 && chosen.output.contains(#""center" : -100.5"#))
            #expect(try render("none").output.contains(#""high" : 65535"#))
            #expect(try render("default").status == 1)
            #expect(try render("wide").status != 0)
        }

        @Test func infoSaysWhatIsShownAndWhy() throws {
            let result = try program.run("images", "info", dicom("padding"))
            #expect(result.status == 0)
            let facts = try #require(try object(result.output)["dicom"] as? [String: Any])
            let voi = try #require(facts["voi"] as? [String: Any])
            #expect(voi["kind"] as? String == "range" && voi["low"] as? Double == -160)
        }
    }
}
