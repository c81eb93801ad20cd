import Datasets
import Foundation
import Recipes
import Records
import TestSupport
import Testing

@testable import Alignment

/// Several training files in one run, and answers drawn equally often.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct MixedFilesTests {
    private func write(_ rows: [String], _ name: String, _ fixture: TrainingFixture) throws
        -> String
    {
        let url = fixture.folder.appending(path: name)
        try Data(rows.joined(separator: "\n").utf8).write(to: url)
        return url.path
    }

    private func data(
        _ recipe: SupervisedRecipe, _ fixture: TrainingFixture
    ) throws -> TrainingData<TokenizedExample> {
        let model = try fixture.model(recipe)
        return try TrainingData(
            recipe.settings, ExampleTokenizer(recipe.settings, model)
        ) { _ in }
    }

    /// A file of two records, beside the fixture's eight.
    private func small(_ fixture: TrainingFixture) throws -> String {
        try write(
            asked([("A cough suggests", "croup"), ("A rash suggests", "measles")]), "small.jsonl",
            fixture)
    }

    /// A record for each question and its answer.
    private func asked(_ answers: [(String, String)]) -> [String] {
        answers.enumerated().map { number, pair in
            #"{"id": "q\#(number)", "prompt": "\#(pair.0)", "completion": " \#(pair.1)"}"#
        }
    }

    private func mapping(_ path: String, _ weight: Int) -> JSONValue {
        .object(["file": .string(path), "weight": .integer(weight)])
    }

    /// Half of all steps' records come from the file of two.
    @Test func filesAreDrawnByTheirWeights() throws {
        let fixture = try TrainingFixture(records: 8)
        let small = try small(fixture)
        var recipe = fixture.recipe()
        recipe.settings.trainFile = ""
        recipe.settings.trainFiles = [mapping(fixture.data.path, 1), mapping(small, 1)]
        let data = try data(recipe, fixture)
        #expect(data.training.count == 10 && data.sources == [0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
        let plan = try BatchPlan(
            holding: data.training.map(\.tokenCount), recipe.batches(drawing: data.sampling))
        let drawn = plan.epoch(0).steps.flatMap(\.microBatches).flatMap(\.self)
        #expect(drawn.count == 10 && drawn.count { data.sources[$0] == 1 } == 5)

        recipe.settings.maxSteps = 2
        let run = try fixture.train(recipe)
        #expect(run.outcome.steps == 2)
        let manifest = try RunManifest.read(run.folder.manifest)
        let hashes = manifest.dependencies["training file"]?.split(separator: " ") ?? []
        #expect(hashes.count == 2 && hashes.allSatisfy { $0.count == 64 })
        let written = try RecipeReader.read(
            SupervisedRecipe.self, file: run.folder.recipe, overrides: [])
        #expect(written == recipe)
    }

    /// A validation split of mixed files leaves every example with its own file's weight.
    @Test func splitsKeepTheFiles() throws {
        let fixture = try TrainingFixture(records: 8)
        let small = try small(fixture)
        var recipe = fixture.recipe()
        recipe.settings.trainFile = ""
        recipe.settings.trainFiles = [mapping(small, 1), mapping(fixture.data.path, 3)]
        recipe.settings.validationSplit = 0.3
        let data = try data(recipe, fixture)
        #expect(data.training.count + data.validation.count == 10 && data.validation.count == 3)
        for (example, source) in zip(data.training, data.sources) {
            #expect(example.id.hasPrefix("q") == (source == 0))
        }
    }

    /// Records of one patient stay on one side of a split, whatever they say.
    @Test func splitsKeepPatientsTogether() throws {
        let fixture = try TrainingFixture()
        let rows = (0..<12).map { number in
            #"{"id": "q\#(number)", "patient": \#(number / 3), "prompt": "Sick \#(number)?", "#
                + #""completion": " no"}"#
        }
        var recipe = fixture.recipe()
        recipe.settings.trainFile = try write(rows, "patients.jsonl", fixture)
        (recipe.settings.validationSplit, recipe.settings.validationBy) = (0.25, "patient")
        let model = try fixture.model(recipe)
        func patients(_ examples: [TokenizedExample]) -> Set<Int> {
            Set(examples.compactMap { Int($0.id.dropFirst()).map { $0 / 3 } })
        }
        for seed in 0..<4 {
            recipe.settings.seed = UInt64(seed)
            let data = try TrainingData(
                recipe.settings, ExampleTokenizer(recipe.settings, model)
            ) { _ in }
            #expect(data.validation.count == 3 && data.training.count == 9)
            #expect(patients(data.training).isDisjoint(with: patients(data.validation)))
        }
        recipe.settings.validationBy = "ward"
        #expect(throws: SplitError.self) {
            try TrainingData(recipe.settings, ExampleTokenizer(recipe.settings, model)) { _ in }
        }
    }

    /// "Sick?" is asked eight times and answered yes once: drawn, yes comes as often as no.
    @Test func answersAreBalanced() throws {
        let fixture = try TrainingFixture()
        let sick = (0..<8).map { ("Sick?", $0 == 0 ? "yes" : "no") }
        let path = try write(
            asked(sick + [("Old?", "yes"), ("Tall?", "no")]), "asked.jsonl", fixture)
        var recipe = fixture.recipe()
        recipe.settings.trainFile = path
        let data = try data(recipe, fixture)
        let plan = try BatchPlan(
            holding: data.training.map(\.tokenCount),
            recipe.batches(drawing: data.balancedSampling))
        let drawn = plan.epoch(0).steps.flatMap(\.microBatches).flatMap(\.self)
        #expect(drawn.count { $0 == 0 } == 4 && drawn.count { (1..<8).contains($0) } == 4)
        #expect(drawn.contains(8) && drawn.contains(9))
        recipe.method.balanceAnswers = true
        recipe.settings.maxSteps = 1
        #expect(try fixture.train(recipe).outcome.steps == 1)
    }

    @Test(arguments: [
        ("train_files: [{weight: 2}]", "number 1 is not a mapping"),
        ("train_files: [{file: a.jsonl, weight: 0}]", "weight must be from"),
        ("train_files: [{file: a.jsonl, weight: x}]", "weight must be from"),
        ("train_files: [{file: a.jsonl, wieght: 2}]", "'wieght' is not one of"),
        ("train_files: [{file: a.jsonl}, {file: a.jsonl}]", "is named twice"),
        ("train_files: [{file: a.jsonl}]\ntrain_file: b.jsonl", "cannot stand beside train_files"),
        ("output_dir: x", "is missing"),
        ("train_file: a.jsonl\nearly_stopping_patience: 2", "needs validation_file"),
        ("train_file: a.jsonl\nload_best_model_at_end: true", "needs validation_file"),
        ("train_file: a.jsonl\nvalidation_by: patient", "needs validation_split"),
        ("train_file: a.jsonl\nimage_crop: 0", "must be above 0 and at most 1"),
        ("train_file: a.jsonl\nimage_flip: 1.5", "must be in [0, 1]"),
        ("train_file: a.jsonl\nimage_light: 1", "must be in [0, 1)"),
    ])
    func faultsAreNamed(yaml: String, reason: String) throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        try Data(yaml.utf8).write(to: file)
        let error = #expect(throws: RecipeError.self) {
            try RecipeReader.read(SupervisedRecipe.self, file: file, overrides: [])
        }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// Paths count from the recipe's folder.
    @Test func pathsCountFromTheRecipe() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        try Data("train_files: [{file: a/b.jsonl, weight: 2}, {file: /c.jsonl}]".utf8)
            .write(to: file)
        let recipe = try RecipeReader.read(SupervisedRecipe.self, file: file, overrides: [])
        let files = try recipe.settings.files()
        #expect(files.map(\.weight) == [2, 1])
        #expect(files[0].path.hasSuffix("/a/b.jsonl") && files[0].path.hasPrefix("/"))
        #expect(files[1].path == "/c.jsonl")
    }
}
