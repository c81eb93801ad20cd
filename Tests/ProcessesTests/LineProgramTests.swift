import Foundation
import TestSupport
import Testing

@testable import Processes

/// Programs that are asked line by line.
struct LineProgramTests {
    private func error(
        _ script: String, lines: [String] = ["a", "b"], timeout: Double = 20
    ) throws -> LineProgramError? {
        let program = try LineProgram(try Script(script).program(), stderrFile: nil)
        defer { program.stop() }
        do throws(LineProgramError) {
            try program.exchange(lines.map { Array("\($0)\n".utf8) }[...], timeout: timeout) { _ in
            }
            return nil
        } catch {
            return error
        }
    }

    @Test func answersComeInOrder() throws {
        let program = try LineProgram(
            try Script("while read -r line; do echo \"<$line>\"; done").program(), stderrFile: nil)
        var answers: [String] = []
        for lines in [["a", "b"], ["c"]] {
            try program.exchange(lines.map { Array("\($0)\n".utf8) }[...], timeout: 20) {
                answers.append(String(decoding: $0, as: UTF8.self))
            }
        }
        program.stop()
        #expect(answers == ["<a>", "<b>", "<c>"])
    }

    @Test func aProgramThatNeverAnswers() throws {
        #expect(try error("exec sleep 300", timeout: 0.2) == .timeout(seconds: 0.2))
    }

    /// It may answer, though it reads no more than it needs.
    @Test func aProgramThatClosesItsInput() throws {
        let large = String(repeating: "x", count: 1 << 20)
        let script = "read -r line; exec <&-; echo 1; echo 2; sleep 300"
        #expect(try error(script, lines: ["a", large]) == nil)
    }

    @Test func aProgramThatClosesItsOutput() throws {
        #expect(try error("exec >&-; sleep 300") == .ended("closed its output"))
    }

    @Test func aProgramThatEnds() throws {
        #expect(try error("read -r line; echo 1; exit 3") == .ended("ended with status 3"))
        #expect(try error("kill -9 $$") == .ended("was ended by signal 9"))
    }
}
