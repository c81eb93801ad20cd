import Foundation
import TestSupport
import Testing

extension OneAtATime {
    /// Files that are missing or damaged: one sentence that names the file, nothing of what is in
    /// it, and no crash.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct BadFileTests {
        private let program: ProgramFolder

        init() throws { program = try ProgramFolder() }

        /// The error, which must be of one line.
        private func sentence(_ arguments: String...) throws -> String {
            let text = try failure(arguments)
            #expect(!text.contains("\n"))
            return text
        }

        /// The error of a run that must fail in an orderly way.
        private func failure(_ arguments: [String]) throws -> String {
            let result = try program.start(arguments).wait()
            #expect(result.status == 1 && !result.wasKilled)
            #expect(result.errors.hasPrefix("Error: ") && result.errors.hasSuffix("\n"))
            for word in ["Fatal error", "Stack dump", "Backtrace", "SECRET"] {
                #expect(!result.errors.contains(word) && !result.output.contains(word))
            }
            return String(result.errors.dropFirst("Error: ".count).dropLast())
        }

        @Test func missingModel() throws {
            let error = try sentence("generate", "--prompt", "a", "--model", "no/such.gguf")
            #expect(error.hasSuffix("no/such.gguf: there is no such model file or folder"))
            try FileManager.default.createDirectory(
                at: program.url("empty"), withIntermediateDirectories: false)
            let folder = try sentence("generate", "--prompt", "a", "--model", "empty")
            #expect(folder.contains("empty/config.json: "))
        }

        /// Cut in the magic, the metadata, the tensor list and the tensors.
        @Test(arguments: [0, 3, 100, 1_000_000, 1_720_000, 50_000_000, 98_362_400])
        func truncatedModel(length: Int) throws {
            let model = try #require(TestFiles.defaultModel)
            let handle = try FileHandle(forReadingFrom: model)
            let bytes = try handle.read(upToCount: length) ?? Data()
            try bytes.write(to: program.url("cut.gguf"))
            let error = try sentence("generate", "--prompt", "a", "--model", "cut.gguf")
            #expect(error.contains("cut.gguf: "))
        }

        @Test func damagedAdapter() throws {
            let missing = try sentence("generate", "--prompt", "a", "--adapter", "none")
            #expect(missing.contains("none/adapter_config.json: "))
            let source = TestFiles.fixtures.appending(path: "models/tiny-lora")
            let folder = program.url("lora")
            try FileManager.default.copyItem(at: source, to: folder)
            // Sound, but of another model.
            let other = try sentence("generate", "--prompt", "a", "--adapter", "lora")
            #expect(other.contains("adapter") || other.contains("module"))
            let weights = folder.appending(path: "adapter_model.safetensors")
            let bytes = try Data(contentsOf: weights)
            try bytes.prefix(bytes.count - 7).write(to: weights)
            let cut = try sentence("generate", "--prompt", "a", "--adapter", "lora")
            #expect(cut.contains("lora/adapter_model.safetensors: "))
        }

        @Test func badRecipes() throws {
            try program.write("{\"prompt\": \"a\", \"completion\": \"b\"}\n", to: "train.jsonl")
            let cases = [
                ("learning_rat: 1", "learning_rat: is no key of this recipe; the nearest is"),
                ("learning_rate: fast", "learning_rate: has a value of the wrong kind"),
                ("lora_r: 0", "lora_r: must be in 1...1000000000"),
                ("seed: [1", "is not valid YAML: line "),
            ]
            for (line, reason) in cases {
                try program.write("train_file: train.jsonl\n\(line)\n", to: "recipe.yaml")
                let error = try sentence("sft", "recipe.yaml")
                #expect(error.contains("recipe.yaml: \(reason)"), "\(error)")
            }
            let missing = try sentence("sft", "nothing.yaml")
            #expect(missing.contains("nothing.yaml: "))
            try program.write("train_file: nothing.jsonl\n", to: "recipe.yaml")
            let data = try sentence("sft", "recipe.yaml")
            #expect(data.contains("nothing.jsonl: "))
            let target = try sentence(
                "sft", "recipe.yaml", "--train_file", "train.jsonl", "--lora_target_modules=x_proj")
            #expect(target.hasPrefix("no linear layer is called 'x_proj'"))
            #expect(!program.exists("runs"))
        }

        /// Every bad line is named, none is shown.
        @Test func badRecords() throws {
            let lines = [
                "{\"prompt\": \"SECRET\", \"completion\": \"b\"}", "{\"prompt\": \"SECRET\"",
                "{\"prompt\": \"SECRET\", \"completion\": 5}", "SECRET", "{\"text\": \"\"}",
            ]
            try program.write(lines.joined(separator: "\n"), to: "bad.jsonl")
            try program.write("train_file: bad.jsonl\n", to: "recipe.yaml")
            let commands = [
                ["sft", "recipe.yaml"], ["score", "--input", "bad.jsonl", "--output", "out.jsonl"],
            ]
            for command in commands {
                let error = try failure(command)
                #expect(error.hasPrefix("4 unusable records:\n"))
                for line in 2...5 { #expect(error.contains("bad.jsonl:\(line): ")) }
            }
            #expect(!program.exists("runs") && !program.exists("out.jsonl"))
        }

        @Test func evaluationsThatAreNotThere() throws {
            let error = try sentence("compare", "one", "two")
            #expect(error.contains("one/summary.json: "))
            try program.write("SECRET", to: "data.json")
            let task = try failure([
                "evaluate", "--task", "mirage", "--data", "data.json", "--output", "out",
            ])
            #expect(task.contains("data.json"))
        }
    }
}
