import Datasets
import Foundation
import Generation
import Recipes
import TestSupport
import Testing
import Torch

@testable import Alignment

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A whole run: what it learns and what it leaves on the disk.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct TrainingRunTests {
    /// Eight steps of four records, two steps a pass; two of the ten records are held out.
    private func recipe(_ fixture: TrainingFixture) -> SupervisedRecipe {
        var recipe = fixture.recipe()
        recipe.settings.maxSteps = 8
        recipe.settings.learningRate = 2e-3
        recipe.settings.warmupSteps = 2
        recipe.settings.validationSplit = 0.2
        recipe.settings.evalSteps = 4
        recipe.settings.saveSteps = 2
        recipe.settings.saveTotalLimit = 2
        return recipe
    }

    @Test func learnsAndLogs() throws {
        let fixture = try TrainingFixture()
        let recipe = recipe(fixture)
        let run = try fixture.train(recipe)
        #expect(run.outcome.steps == 8 && !run.outcome.interrupted)
        let losses = try run.values("loss")
        #expect(losses.count == 8 && losses[6...].reduce(0, +) < losses[..<2].reduce(0, +) * 0.8)
        let held = try run.rows("eval_loss")
        #expect(held.map(\.step) == [4, 8])
        #expect(held.compactMap { $0.values["eval_loss"] }.min() == run.outcome.bestValidationLoss)
        try checkCurves(of: run)
        try checkFiles(of: run, recipe)
        try checkAdapter(of: run, fixture, recipe)
    }

    /// The names of TRL, and two of this program.
    private func checkCurves(of run: FinishedRun) throws {
        let names: Set = [
            "loss", "grad_norm", "learning_rate", "mean_token_accuracy", "entropy", "num_tokens",
            "tokens_per_second", "peak_memory_bytes",
        ]
        let rows = try run.rows("loss")
        #expect(rows.map(\.step) == Array(1...8))
        #expect(rows.allSatisfy { Set($0.values.keys) == names })
        // Two steps a pass over eight records: 0.5, 1 ... 4 epochs.
        #expect(rows.map(\.epoch) == (1...8).map { Double($0) / 2 })
        // Up in two steps to the peak, then down to 0 in six.
        let sixths: [Double] = [0, 3, 6, 5, 4, 3, 2, 1]
        let rates = sixths.map { $0 / 6 * 2e-3 }
        let logged = try run.values("learning_rate")
        #expect(zip(logged, rates).allSatisfy { abs($0 - $1) < 1e-12 })
        let accuracies = try run.values("mean_token_accuracy")
        #expect(accuracies.allSatisfy { (0...1).contains($0) })
        // Every pass has the same tokens.
        let tokens = try run.values("num_tokens")
        #expect(tokens[3] == 2 * tokens[1] && tokens[7] == 4 * tokens[1])
    }

    private func checkFiles(of run: FinishedRun, _ recipe: SupervisedRecipe) throws {
        let written = try RecipeReader.read(
            SupervisedRecipe.self,
            file: run.folder.recipe,
            overrides: []
        )
        #expect(written == recipe)
        let manifest = try RunManifest.read(run.folder.manifest)
        let hashed = ["recipe", "model", "training file"]
        #expect(hashed.allSatisfy { manifest.dependencies[$0]?.count == 64 })
        #expect(manifest.method == "sft" && manifest.conditions["threads"] == "2")
        #expect(manifest.history.isEmpty)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.folder.url.path)
        #expect(names.contains { $0.hasPrefix("events.out.tfevents.") })
        #expect(!names.contains { $0.hasSuffix(".partial") })
        let best = try run.rows("eval_loss").min {
            $0.values["eval_loss"] ?? 0 < $1.values["eval_loss"] ?? 0
        }
        #expect(run.checkpoints == Set([6, 8] + [best?.step ?? 0]).sorted())
        let plot = XMLParser(data: try Data(contentsOf: run.folder.lossPlot))
        #expect(plot.parse())
    }

    /// Loaded again, the adapter makes the training records far more probable.
    private func checkAdapter(
        of run: FinishedRun,
        _ fixture: TrainingFixture,
        _ recipe: SupervisedRecipe
    ) throws {
        let model = try fixture.model(recipe)
        let tokenizer = ExampleTokenizer(encoding: model.encoding, maxLength: 64)
        let examples = try TokenizedFile(scanning: fixture.data, tokenizer: tokenizer).examples
        let before = try model.logProbabilities(of: examples).flatMap { $0 }
        #expect(run.folder.hasAdapter)
        try model.attachAdapter(run.folder.adapter)
        let after = try model.logProbabilities(of: examples).flatMap { $0 }
        #expect(after.reduce(0, +) > before.reduce(0, +) * 0.9)
    }

    /// 10 records in batches of 4 are 3 steps; of the third epoch's 3 a half is 2, rounded up.
    @Test func stepsOfARun() throws {
        let fixture = try TrainingFixture()
        for (epochs, limit, expected) in [(2.0, -1, 6), (2.5, -1, 8), (0.1, -1, 1), (2.0, 5, 5)] {
            var recipe = fixture.recipe()
            recipe.settings.numTrainEpochs = epochs
            recipe.settings.maxSteps = limit
            let trainer = try SupervisedTrainer(recipe, model: fixture.model(recipe)) { _ in }
            #expect(trainer.stepCount == expected)
        }
    }

    /// Goes on from the adapter of another run: the first loss is that run's level.
    @Test func continuesAnAdapter() throws {
        let fixture = try TrainingFixture(records: 4)
        var recipe = fixture.recipe("first")
        recipe.settings.maxSteps = 6
        recipe.settings.learningRate = 2e-3
        let first = try fixture.train(recipe)
        recipe.settings.outputDir = fixture.folder.appending(path: "second").path
        recipe.settings.adapter = first.folder.adapter.path
        recipe.settings.maxSteps = 1
        let second = try fixture.train(recipe)
        let (start, end) = (try first.values("loss")[0], try first.values("loss")[5])
        #expect(try second.values("loss")[0] < (start + end) / 2)
    }

    @Test func badRecordsAreAllNamedOrSkipped() throws {
        let fixture = try TrainingFixture(records: 4)
        let bad = "\n{\"prompt\": \"secret words\"}\n{\"prompt\": \"a\", \"completion\": 5}\n"
        let text = try String(contentsOf: fixture.data, encoding: .utf8)
        try Data((text + bad).utf8).write(to: fixture.data)
        var recipe = fixture.recipe()
        recipe.settings.maxSteps = 1
        let error = #expect(throws: DatasetError.self) { try fixture.train(recipe) }
        let message = error?.description ?? ""
        #expect(message.contains("train.jsonl:5: ") && message.contains("train.jsonl:6: "))
        #expect(!message.contains("secret"))
        recipe.settings.invalidRecords = .skip
        let run = try fixture.train(recipe)
        #expect(run.warnings.filter { $0.hasPrefix("left out: ") }.count == 2)
    }

    /// A rate that blows the weights up: no result, and no checkpoint of steps that failed.
    @Test func numbersThatAreNotFinite() throws {
        let fixture = try TrainingFixture(records: 4)
        var recipe = fixture.recipe()
        recipe.settings.maxSteps = 4
        recipe.settings.saveSteps = 1
        recipe.settings.learningRate = 1e30
        let error = #expect(throws: TrainingError.self) { try fixture.train(recipe) }
        let message = error?.description ?? ""
        #expect(message.hasPrefix("step 4, the last, "))
        let folder = RunFolder(URL(filePath: recipe.settings.outputDir))
        #expect(folder.checkpointSteps == [1])
    }
}
