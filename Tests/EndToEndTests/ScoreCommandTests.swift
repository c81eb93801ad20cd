import Foundation
import Testing

extension OneAtATime {
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct ScoreCommandTests {
        private let program: ProgramFolder

        init() throws { program = try ProgramFolder() }

        /// Plain and conversational rows of unequal lengths: a row out for each row in, in order.
        @Test func rowForRow() throws {
            let rows = [
                #"{"id": "b", "prompt": "The heart has four", "completion": " chambers."}"#,
                #"{"id": 7, "prompt": "Insulin lowers", "completion": " glucose in the blood."}"#,
                #"{"id": "chat", "prompt": [{"role": "user", "content": "What makes bile?"}], "#
                    + #""completion": [{"role": "assistant", "content": "The liver."}]}"#,
                #"{"prompt": "A", "completion": " b"}"#,
            ]
            try program.write(rows.joined(separator: "\n"), to: "rows.jsonl")
            let result = try program.run(
                "score", "--dtype", "f32", "--input", "rows.jsonl", "--output", "out.jsonl")
            #expect(result.status == 0 && result.output.isEmpty)
            let scored = try program.rows("out.jsonl")
            #expect(scored.map { $0["id"] as? String } == ["b", "7", "chat", "line 4"])
            let ids = scored.map { $0["token_ids"] as? [Int] ?? [] }
            let logprobs = scored.map { $0["logprobs"] as? [Double] ?? [] }
            #expect(ids.map(\.count) == logprobs.map(\.count) && ids.allSatisfy { !$0.isEmpty })
            #expect(logprobs.joined().allSatisfy { $0 <= 0 && $0.isFinite })
            // The end of the turn, <|im_end|>, belongs to an answer and not to plain text.
            #expect(ids[2].contains(2) && !ids[0].contains(2))
            try alone(rows, scored)
        }

        /// Each row scored by itself, in reverse order, gives what it gave among the others.
        private func alone(_ rows: [String], _ scored: [[String: Any]]) throws {
            try program.write(rows.reversed().joined(separator: "\n"), to: "reversed.jsonl")
            let result = try program.run(
                "score", "--dtype", "f32", "--input", "reversed.jsonl", "--output", "reversed.out")
            #expect(result.status == 0)
            for (one, other) in zip(try program.rows("reversed.out").reversed(), scored) {
                #expect(one["token_ids"] as? [Int] == other["token_ids"] as? [Int])
                let pairs = zip(
                    one["logprobs"] as? [Double] ?? [], other["logprobs"] as? [Double] ?? [])
                #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 })
            }
        }

        /// What `generate` says of its answer is what `score` says of it.
        @Test func agreesWithGeneration() throws {
            let question = "Which vitamin prevents scurvy?"
            let generated = try program.run(
                "generate", "--dtype", "f32", "--json", "--prompt", question)
            let answer = try object(generated.output)
            #expect(answer["finish_reason"] as? String == "stop")
            let row: [String: Any] = [
                "prompt": [["role": "user", "content": question]],
                "completion": [["role": "assistant", "content": answer["text"] ?? ""]],
            ]
            let line = try JSONSerialization.data(withJSONObject: row)
            try program.write(String(decoding: line, as: UTF8.self), to: "row.jsonl")
            let result = try program.run(
                "score", "--dtype", "f32", "--input", "row.jsonl", "--output", "out.jsonl")
            #expect(result.status == 0)
            let scored = try #require(try program.rows("out.jsonl").first)
            #expect(scored["token_ids"] as? [Int] == answer["token_ids"] as? [Int])
            let pairs = zip(
                scored["logprobs"] as? [Double] ?? [], answer["logprobs"] as? [Double] ?? [])
            #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-5 })
        }
    }
}
