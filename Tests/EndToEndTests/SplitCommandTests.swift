import Foundation
import Testing

extension OneAtATime {
    @Suite(.enabled(if: ProgramFolder.isBuilt, ProgramFolder.needsBuild))
    struct SplitCommandTests {
        private let program: ProgramFolder

        init() throws { program = try ProgramFolder() }

        /// Eight pictures of three questions each.
        private func write() throws {
            for number in 0..<8 { try program.write("picture \(number)", to: "i\(number).png") }
            let rows = (0..<24).map {
                #"{"image": "i\#($0 % 8).png", "question": "Q\#($0)", "answer": "A"}"#
            }
            try program.write(rows.joined(separator: "\n"), to: "all.jsonl")
        }

        @Test func partsAndChecks() throws {
            try write()
            let split = try program.run(
                "split", "all.jsonl", "--train", "train.jsonl", "--test", "test.jsonl",
                "--fraction", "0.25")
            #expect(split.status == 0)
            #expect(split.output.contains("split by image\n"))
            #expect(split.output.contains("test: 6 records, 2 images\n"))
            #expect(split.output.contains("test images that also stand in training: 0 of 2"))
            let rows = try program.rows("train.jsonl").count + program.rows("test.jsonl").count
            #expect(rows == 24)
            let check = try program.run("split", "--check", "all.jsonl", "test.jsonl")
            #expect(check.status == 0)
            #expect(check.output.contains("also stand in training: 2 of 2 (6 of 6 test records)"))
        }

        @Test func refusals() throws {
            try write()
            let same = try program.run(
                "split", "all.jsonl", "--train", "all.jsonl", "--test", "test.jsonl")
            #expect(same.status != 0 && same.errors.contains("three different files"))
            try program.write(#"{"image": "absent.png", "prompt": "P"}"#, to: "bad.jsonl")
            let bad = try program.run(
                "split", "bad.jsonl", "--train", "train.jsonl", "--test", "test.jsonl")
            #expect(bad.status != 0 && bad.errors.contains("there is no file absent.png"))
        }
    }
}
