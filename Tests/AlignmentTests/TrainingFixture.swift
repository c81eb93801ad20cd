import Alignment
import Foundation
import Generation
import Recipes
import TestSupport
import Testing
import Torch
import TorchTestSupport
import Tracking

/// Runs on the default model and a few made-up records, each in a scratch folder.
final class TrainingFixture {
    static let isPresent = TestFiles.defaultModel != nil
    static let reason: Comment = "needs .models, see Scripts/bootstrap"

    let folder: URL
    let data: URL

    init(records: Int = 10) throws {
        startEngine()
        folder = try TestFiles.scratchFolder()
        data = folder.appending(path: "train.jsonl")
        try Data(Self.lines.prefix(records).joined(separator: "\n").utf8).write(to: data)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let lines = [
        ("Thirst and frequent urination suggest", " diabetes mellitus."),
        ("A stiff neck with fever suggests", " meningitis until a puncture rules it out."),
        ("Wheezing that improves with salbutamol suggests", " asthma."),
        ("A barking cough at night suggests", " croup."),
        ("Pain behind the knee after a long flight suggests", " a deep vein thrombosis."),
        ("Chest pain on exertion that rest relieves suggests", " stable angina."),
        ("Pallor and fatigue with a low ferritin suggest", " iron deficiency."),
        ("Weight loss, tremor and warm skin suggest", " an overactive thyroid."),
        ("A red painful big toe overnight suggests", " gout."),
        ("Blisters along one dermatome suggest", " shingles, best treated early."),
    ].enumerated().map { index, pair in
        #"{"id": "case-\#(index)", "prompt": "\#(pair.0)", "completion": "\#(pair.1)"}"#
    }

    /// Small steps on all records, without dropout.
    func recipe(_ name: String = "run") -> SupervisedRecipe {
        var recipe = SupervisedRecipe()
        recipe.settings.trainFile = data.path
        recipe.settings.outputDir = folder.appending(path: name).path
        recipe.settings.perDeviceTrainBatchSize = 4
        recipe.settings.maxTokensPerMicroBatch = 0
        recipe.settings.maxLength = 64
        recipe.settings.loraR = 4
        recipe.settings.loraDropout = 0
        recipe.settings.saveSteps = 1000
        return recipe
    }

    func model(_ recipe: SupervisedRecipe) throws -> LanguageModel {
        try LanguageModel.load(
            try #require(TestFiles.defaultModel),
            dtype: recipe.settings.dtype.dtype,
            device: .cpu
        )
    }

    @discardableResult
    func train(
        _ recipe: SupervisedRecipe,
        resuming: Resumption = .begins,
        interruption: Interruption = Interruption()
    ) throws -> FinishedRun {
        var warnings: [String] = []
        let trainer = try SupervisedTrainer(recipe, model: model(recipe)) { warnings.append($0) }
        let outcome = try trainer.run(resuming: resuming, interruption: interruption)
        return FinishedRun(
            folder: RunFolder(URL(filePath: recipe.settings.outputDir)),
            outcome: outcome,
            warnings: warnings
        )
    }
}

/// A run that came to its end.
struct FinishedRun {
    let folder: RunFolder
    let outcome: TrainingOutcome
    let warnings: [String]

    /// Rows of training steps, or of validations.
    func rows(_ name: String) throws -> [MetricsRow] {
        try MetricsLog.rows(of: folder.metrics).filter { $0.values[name] != nil }
    }

    func values(_ name: String) throws -> [Double] {
        try rows(name).compactMap { $0.values[name] }
    }

    var weights: Data {
        get throws {
            try Data(contentsOf: folder.adapter.appending(path: "adapter_model.safetensors"))
        }
    }

    var checkpoints: [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []
        return names.compactMap { name in
            name.hasPrefix("checkpoint-") ? Int(name.dropFirst("checkpoint-".count)) : nil
        }.sorted()
    }
}
