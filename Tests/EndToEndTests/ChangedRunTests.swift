import Foundation
import Testing

extension OneAtATime {
    /// A run whose data changed, and an adapter that gives no numbers.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct ChangedRunTests {
        private let program: ProgramFolder

        init() throws { program = try TrainingCommand().program }

        private func train(_ options: String...) throws -> RunningProgram.Result {
            let words = ["sft", "recipe.yaml", "--threads", "2", "--output_dir", "run"]
            return try program.start(words + ["--max_steps", "1"] + options).wait()
        }

        @Test func isRefusedUnlessAccepted() throws {
            #expect(try train().status == 0)
            try program.write(program.read("train.jsonl") + "\n", to: "train.jsonl")
            let refused = try train("--resume")
            #expect(refused.status == 1 && refused.output.isEmpty)
            let message = "not as they were when the run began: training file; put them back"
            #expect(refused.errors.contains(message), "\(refused.errors)")
            #expect(refused.errors.contains("--resume --accept-changed"))
            let accepted = try train("--resume", "--accept-changed")
            #expect(accepted.status == 0)
            #expect(accepted.errors.contains("although these have changed: training file"))
            let again = try train("--resume")
            #expect(again.status == 0 && !again.errors.contains("changed"), "\(again.errors)")
        }

        /// One weight of the adapter that is no number.
        @Test func numbersThatAreNotFinite() throws {
            #expect(try train().status == 0)
            let file = program.url("run/adapter/adapter_model.safetensors")
            var bytes = try Data(contentsOf: file)
            bytes.replaceSubrange((bytes.count - 4)..., with: [0, 0, 0xC0, 0x7F])
            try bytes.write(to: file)
            let generated = try program.run(
                "generate", "--adapter", "run/adapter", "--prompt", "Secret words")
            #expect(generated.status == 1 && generated.output.isEmpty)
            #expect(generated.errors.hasPrefix("Error: prompt 1: the model gives a number that"))
            let row = #"{"id": "r7", "prompt": "Secret", "completion": " words"}"#
            try program.write(row, to: "rows.jsonl")
            let scored = try program.run(
                "score", "--adapter", "run/adapter", "--input", "rows.jsonl", "--output", "out")
            #expect(scored.status == 1 && !program.exists("out"))
            #expect(scored.errors.hasPrefix("Error: r7: the model gives a number that"))
            for method in ["likelihood", "generation"] {
                let measured = try program.run(
                    "evaluate", "--adapter", "run/adapter", "--task", "casebank", "--count", "2",
                    "--method", method, "--max-tokens", "3", "--output", "measured")
                #expect(measured.status == 1 && !program.exists("measured"))
                let isTold = measured.errors.contains(": the model gives a number that")
                #expect(isTold && measured.errors.hasPrefix("Error: item "), "\(measured.errors)")
            }
            #expect(!(generated.errors + scored.errors).contains("ecret"))
        }
    }
}
