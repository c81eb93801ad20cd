import Foundation
import Testing

extension OneAtATime {
    /// Two methods, a few steps each, on made-up sentences; killed in the middle and gone on with.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct StudyTests {
        static let steps = 6

        @Test(.timeLimit(.minutes(5)))
        func killedStudiesGoOn() throws {
            let program = try Self.program()
            let killed = try program.start(Self.words)
            let metrics = "out/D/dpo/metrics.jsonl"
            #expect(killed.wait { (try? program.rows(metrics).count) ?? 0 >= 2 })
            let first = try program.read("out/A/sft/done.json")
            killed.send(SIGKILL)
            #expect(try killed.wait().wasKilled)
            #expect(!program.exists("out/report.html"))

            let result = try program.start(Self.words).wait()
            try #require(result.status == 0, "\(result.errors)")
            // What was done is not done again, what had begun is gone on with.
            #expect(try program.read("out/A/sft/done.json") == first)
            #expect(!result.errors.contains("A sft"))
            #expect(result.errors.contains("D dpo, again"))
            #expect(try program.rows(metrics).compactMap { $0["loss"] }.count == Self.steps)
            try Self.expectReport(program)

            // A third time there is nothing to do; with other settings it is refused.
            let again = try program.start(Self.words).wait()
            #expect(again.status == 0 && again.errors.isEmpty && again.output == result.output)
            let other = try program.start(Self.words + ["--limit", "5"]).wait()
            #expect(
                other.status == 1 && other.errors.contains("base generation was made with other"))
        }

        @Test func interruptedStudiesSayHowToGoOn() throws {
            let program = try Self.program()
            let running = try program.start(Self.words)
            #expect(running.wait { program.exists("out/A/sft/metrics.jsonl") })
            running.send(SIGINT)
            let result = try running.wait()
            #expect(result.status == 0)
            #expect(result.errors.contains("stopped at A sft; the same command goes on"))
            let files = try program.names(in: "out/A/sft")
            #expect(files.contains { $0.hasPrefix("checkpoint-") } && !files.contains("done.json"))
        }

        /// A stage that fails is named with its reason, and nothing is said to be done.
        @Test func failuresAreNamed() throws {
            let program = try Self.program()
            try program.write("{\"prompt\": \"no answer\"}", to: "train.jsonl")
            let result = try program.start(Self.words).wait()
            #expect(result.status == 1)
            #expect(result.errors.contains("A sft failed: "))
            #expect(result.errors.contains("out/A/sft/log.txt"))
            #expect(!program.exists("out/A/sft/done.json"))
        }

        @Test(arguments: [
            ("methods: []", "missing or empty"),
            ("methods: [{name: base, method: sft, recipe: sft.yaml}]", "'base' is no name"),
            ("methods: [{name: C, method: reward, recipe: sft.yaml}]", "must make a model"),
            ("methods: [{name: A, method: sftt, recipe: sft.yaml}]", "'sftt' is none of"),
            (
                "methods: [{name: A, method: sft, recipe: sft.yaml, overrides: {adapter: $B}}]",
                "'$B' is no model of an earlier stage"
            ),
        ])
        func faultsAreNamed(methods: String, reason: String) throws {
            let program = try Self.program()
            try program.write("task: casebank\n\(methods)\n", to: "study.yaml")
            let result = try program.start(Self.words).wait()
            #expect(result.status == 1 && result.errors.contains(reason), "\(result.errors)")
        }

        private static let words = [
            "study", "study.yaml", "--threads", "2", "--output_dir", "out",
        ]

        private static func expectReport(_ program: ProgramFolder) throws {
            let report = try object(program.read("out/report.json"))
            let models = try #require(report["models"] as? [[String: Any]])
            #expect(models.compactMap { $0["name"] as? String } == ["base", "A", "D"])
            for model in models.dropFirst() {
                let trainings = try #require(model["trainings"] as? [[String: Any]])
                let training = try #require(trainings.first)
                for key in ["seconds", "peak_memory_bytes", "trainable_parameters"] {
                    #expect(try #require(training[key] as? Double) > 0, "\(key)")
                }
                #expect(training["steps"] as? Int == steps)
                let answers = try #require(model["answers"] as? [String: Any])
                #expect(answers["n"] as? Int == 3)
                #expect(try #require(answers["kl_per_token"] as? Double).isFinite)
                #expect(answers["bleu"] is Double && answers["format_valid"] is Double)
            }
            #expect((models[0]["answers"] as? [String: Any])?["kl_per_token"] as? Double == 0)
            // Text of records and answers stays out of the report unless it is asked for.
            let page = try program.read("out/report.html")
            #expect(page.contains("Curves of D: dpo") && !page.contains("name a sign"))
        }

        private static func program() throws -> ProgramFolder {
            let program = try ProgramFolder()
            let findings = ["fever", "cough", "rash", "thirst", "pallor", "tremor"]
            func write(_ name: String, _ row: (String) -> String) throws {
                try program.write(findings.map(row).joined(separator: "\n"), to: name)
            }
            try write("train.jsonl") { #"{"prompt": "A sign:", "completion": " \#($0)."}"# }
            try write("pairs.jsonl") {
                #"{"prompt": "A sign (\#($0)):", "chosen": " \#($0).", "rejected": " no \#($0)."}"#
            }
            try write("asked.jsonl") {
                #"{"id": "\#($0)", "prompt": "name a sign", "answer": "the \#($0) of old"}"#
            }
            let common = """
                max_steps: \(steps)
                per_device_train_batch_size: 2
                lora_r: 4
                lora_dropout: 0
                save_steps: 1

                """
            try program.write("train_file: train.jsonl\n" + common, to: "sft.yaml")
            try program.write("train_file: pairs.jsonl\n" + common, to: "dpo.yaml")
            let study = """
                task: casebank
                limit: 4
                max_tokens: 8
                prompts: asked.jsonl
                prompts_limit: 3
                max_answer_tokens: 8
                format_tags: [answer]
                format_mode: full
                methods:
                  - {name: A, method: sft, recipe: sft.yaml, overrides: {learning_rate: 1e-3}}
                  - {name: D, method: dpo, recipe: dpo.yaml, overrides: {adapter: $A, beta: 0.2}}
                """
            try program.write(study, to: "study.yaml")
            return program
        }
    }
}
