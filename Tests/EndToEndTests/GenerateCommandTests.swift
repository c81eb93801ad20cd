import Foundation
import Testing

extension OneAtATime {
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct GenerateCommandTests {
        private let program: ProgramFolder

        init() throws { program = try ProgramFolder() }

        private func json(_ arguments: [String]) throws -> Any {
            let result = try program.start(["generate", "--json"] + arguments).wait()
            #expect(result.status == 0 && result.errors.isEmpty)
            return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        }

        private func check(_ answer: [String: Any]) throws {
            let keys: Set = [
                "text", "token_ids", "logprobs", "finish_reason", "timings", "prompt", "sample",
            ]
            #expect(Set(answer.keys) == keys)
            let ids = try #require(answer["token_ids"] as? [Int])
            let logprobs = try #require(answer["logprobs"] as? [Double])
            #expect(!ids.isEmpty && ids.count == logprobs.count)
            #expect(logprobs.allSatisfy { $0 <= 0 && $0.isFinite })
            let reason = try #require(answer["finish_reason"] as? String)
            #expect(["stop", "length"].contains(reason))
            let timings = try #require(answer["timings"] as? [String: Double])
            let names: Set = [
                "first_token_seconds", "prefill_tokens_per_second", "decode_tokens_per_second",
            ]
            #expect(Set(timings.keys) == names && timings.values.allSatisfy { $0 > 0 })
        }

        @Test func oneAnswerIsAnObject() throws {
            let answer = try #require(
                try json(["--prompt", "Name a vitamin.", "--max-tokens", "3"]) as? [String: Any])
            try check(answer)
            #expect((answer["token_ids"] as? [Int])?.count == 3)
            #expect(answer["finish_reason"] as? String == "length")
            #expect((answer["text"] as? String)?.isEmpty == false)
        }

        @Test func severalAreAList() throws {
            let arguments = [
                "--prompt", "Name a vitamin.", "--prompt", "Name a bone.", "--samples", "2",
                "--temperature", "1", "--seed", "5", "--max-tokens", "6",
            ]
            let answers = try #require(try json(arguments) as? [[String: Any]])
            for answer in answers { try check(answer) }
            #expect(answers.map { $0["prompt"] as? Int } == [0, 0, 1, 1])
            #expect(answers.map { $0["sample"] as? Int } == [0, 1, 0, 1])
            let again = try #require(try json(arguments) as? [[String: Any]])
            #expect(again.map { $0["text"] as? String } == answers.map { $0["text"] as? String })
        }

        /// What streams to the terminal is the text of the JSON.
        @Test func streamedTextIsTheSame() throws {
            let arguments = ["--prompt", "What is a fever?", "--max-tokens", "24", "--stop", ". "]
            let answer = try #require(try json(arguments) as? [String: Any])
            let plain = try program.start(["generate"] + arguments).wait()
            #expect(plain.status == 0 && plain.output == "\(answer["text"] as? String ?? "")\n")
            #expect(!plain.output.contains(". "))
        }
    }
}
