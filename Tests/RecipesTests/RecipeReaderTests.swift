import Foundation
import Recipes
import TestSupport
import Testing

struct RecipeReaderTests {
    private func read(
        _ yaml: String?,
        _ overrides: [(key: String, value: String)] = []
    ) throws -> SupervisedRecipe {
        try withRecipe(yaml) { file in
            try RecipeReader.read(SupervisedRecipe.self, file: file, overrides: overrides)
        }
    }

    /// The message, with the recipe's folder left out.
    private func message(
        _ yaml: String?,
        _ overrides: [(key: String, value: String)] = []
    ) throws -> String {
        try withRecipe(yaml) { file in
            let error = #expect(throws: RecipeError.self) {
                try RecipeReader.read(SupervisedRecipe.self, file: file, overrides: overrides)
            }
            let folder = file.map { $0.deletingLastPathComponent().path + "/" } ?? "/"
            return (error?.description ?? "").replacingOccurrences(of: folder, with: "")
        }
    }

    private func withRecipe<Result>(
        _ yaml: String?,
        _ body: (URL?) throws -> Result
    ) throws -> Result {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        if let yaml { try Data(yaml.utf8).write(to: file) }
        return try body(yaml == nil ? nil : file)
    }

    @Test func defaultsThenFileThenCommandLine() throws {
        var expected = SupervisedRecipe()
        expected.settings.trainFile = "/data/a.jsonl"
        #expect(try read(nil, [("train_file", "/data/a.jsonl")]) == expected)
        expected.settings.learningRate = 1e-4
        expected.method.packing = true
        expected.settings.loraTargetModules = ["q_proj", "v_proj"]
        expected.settings.lrSchedulerType = .cosine
        let yaml = """
            # a comment
            train_file: /data/a.jsonl
            learning_rate: 1e-4
            packing: true
            lora_target_modules: [q_proj, v_proj]
            lr_scheduler_type: cosine
            """
        #expect(try read(yaml) == expected)
        expected.settings.learningRate = 3e-5
        expected.method.packing = false
        expected.settings.maxSteps = -1
        let overrides = [("learning-rate", "3e-5"), ("packing", "false"), ("max_steps", "-1")]
        #expect(try read(yaml, overrides) == expected)
    }

    @Test func listsOnTheCommandLine() throws {
        for (text, names) in [
            ("all-linear", ["all-linear"]), ("q_proj,v_proj", ["q_proj", "v_proj"]),
            ("[q_proj, v_proj]", ["q_proj", "v_proj"]),
        ] {
            let recipe = try read("train_file: a", [("lora-target-modules", text)])
            #expect(recipe.settings.loraTargetModules == names)
        }
    }

    /// Text is taken as it is, also where YAML would read a number, nothing or a mapping.
    @Test func textOnTheCommandLine() throws {
        for text in ["2024", "null", "runs: new", "", "no"] {
            let recipe = try read("train_file: a", [("output_dir", text)])
            #expect(recipe.settings.outputDir == text)
        }
    }

    @Test func textInAFile() throws {
        let yaml = "train_file: a\noutput_dir: 2024\nmodel: no\nvalidation_file:\nadapter: ''"
        let recipe = try read(yaml)
        #expect(recipe.settings.outputDir == "2024" && recipe.settings.model == "no")
        #expect(recipe.settings.validationFile == "" && recipe.settings.adapter == "")
    }

    @Test func pathsCountFromWhereTheyAreWritten() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        let yaml = """
            train_file: data/a.jsonl
            validation_file: ../b.jsonl
            adapter: /adapters/one
            output_dir: runs/x
            """
        try Data(yaml.utf8).write(to: file)
        let recipe = try RecipeReader.read(SupervisedRecipe.self, file: file, overrides: [])
        #expect(recipe.settings.trainFile == folder.appending(path: "data/a.jsonl").path)
        let parent = folder.deletingLastPathComponent()
        #expect(recipe.settings.validationFile == parent.appending(path: "b.jsonl").path)
        #expect(recipe.settings.adapter == "/adapters/one" && recipe.settings.outputDir == "runs/x")
        let other = try RecipeReader.read(
            SupervisedRecipe.self,
            file: file,
            overrides: [("train-file", "c.jsonl")]
        )
        #expect(other.settings.trainFile == FileManager.default.currentDirectoryPath + "/c.jsonl")
    }

    @Test func writtenRecipeReadsAsTheSame() throws {
        var recipe = SupervisedRecipe()
        recipe.settings.trainFile = "/data/with: colon #1.jsonl"
        recipe.settings.outputDir = "2024"
        recipe.settings.model = "no"
        recipe.settings.learningRate = 1.0 / 3
        recipe.settings.adamEpsilon = 1e-12
        recipe.settings.loraTargetModules = ["q_proj", "null"]
        recipe.settings.seed = .max / 2
        recipe.method.lossType = .dft
        #expect(try read(try RecipeReader.yaml(recipe)) == recipe)
    }

    @Test func unknownKeysNameTheNearest() throws {
        let reason = "is no key of this recipe; the nearest is"
        #expect(
            try message("train_file: a\nlearning_rat: 1")
                == "recipe.yaml: learning_rat: \(reason) 'learning_rate'"
        )
        #expect(
            try message("train_file: a", [("lora-rank", "4")])
                == "command line: lora_rank: \(reason) 'lora_r'"
        )
    }

    @Test(arguments: [
        ("learning_rate", "fast"), ("max_steps", "2.5"), ("packing", "3"), ("seed", "-1"),
        ("lora_target_modules", "{q_proj: 1}"), ("train_file", "[a]"), ("lora_r", "null"),
    ])
    func valuesOfTheWrongKind(key: String, value: String) throws {
        let reason = "\(key): has a value of the wrong kind"
        let file = "recipe.yaml: \(reason)"
        let start = key == "train_file" ? "" : "train_file: a\n"
        #expect(try message("\(start)\(key): \(value)") == file)
        if value == "{q_proj: 1}" || value == "[a]" { return }
        #expect(try message("train_file: a", [(key, value)]) == "command line: \(reason)")
    }

    @Test func textThatIsNoRecipe() throws {
        #expect(
            try message("train_file: a\nadapter: [b\nseed: 1")
                == "recipe.yaml: is not valid YAML: line 3: did not find expected ',' or ']'")
        #expect(try message("- a\n- b") == "recipe.yaml: is not a mapping of keys")
        let twice = try message("train_file: a\nseed: 1\nseed: 2")
        #expect(twice.hasPrefix("recipe.yaml: is not valid YAML: line "))
        #expect(twice.hasSuffix(": seed stands there twice"))
        #expect(try message("") == "recipe.yaml: train_file: is missing")
        #expect(try message("# nothing\n") == "recipe.yaml: train_file: is missing")
        #expect(try read("", [("train_file", "/a")]).settings.trainFile == "/a")
    }

    @Test func filesThatCannotBeRead() throws {
        let missing = URL(filePath: "/no/such/recipe.yaml")
        let error = #expect(throws: RecipeError.self) {
            try RecipeReader.read(SupervisedRecipe.self, file: missing, overrides: [])
        }
        #expect(error?.description == "/no/such/recipe.yaml: there is no such file")
    }
}
