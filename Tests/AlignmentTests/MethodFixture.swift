import Datasets
import Foundation
import Generation
import Layers
import Recipes
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport
import Tracking

@testable import Alignment

/// Small runs of every method on a few made-up records: of the default model, or of a tiny one that
/// sees, with images in some of the records.
final class MethodFixture {
    let folder: URL
    let subject: Subject
    /// Rewards in place of the length, and the reward model that PPO's critic starts as.
    var (rewards, valueModel) = ([JSONValue](), "")
    /// What a method compares with.
    var reference = "start"
    /// What trainers told.
    private(set) var warnings: [String] = []
    /// What was told of records without images, which these files have.
    private(set) var shares: [String] = []

    init(_ subject: Subject = .text) throws {
        startEngine()
        self.subject = subject
        folder = try TestFiles.scratchFolder()
        let withImages = subject != .text
        for purpose in MethodRecords.Purpose.allCases {
            try write(
                MethodRecords.lines(purpose, withImages: withImages), to: purpose.rawValue)
        }
        if withImages {
            try writeImages()
            try subject.write(to: folder.appending(path: "model"))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String) -> URL { folder.appending(path: "\(name).jsonl") }

    /// Writes a file of records.
    func write(_ lines: [String], to name: String) throws {
        try Data(lines.joined(separator: "\n").utf8).write(to: file(name))
    }

    /// What all recipes here share: tiny adapters, visible steps, f32.
    func shared(_ settings: inout TrainingSettings, _ name: String, data: String) {
        settings.trainFile = file(data).path
        settings.outputDir = folder.appending(path: name).path
        settings.dtype = .f32
        settings.loraR = 2
        settings.loraDropout = 0
        settings.learningRate = 1e-3
        settings.maxTokensPerMicroBatch = 0
        settings.saveSteps = 1
        settings.saveTotalLimit = 20
    }

    /// Rewards short answers, so that samples differ, unless a test says otherwise.
    func rollout(_ settings: inout RolloutSettings) {
        settings.maxCompletionLength = 12
        settings.rewards = rewards
        settings.reference = reference
        guard rewards.isEmpty else { return }
        settings.rewards = [
            .object([
                "type": .string("length"), "min_tokens": .integer(1), "max_tokens": .integer(6),
                "margin": .integer(8),
            ])
        ]
    }

    func model(_ dtype: WeightType = .f32) throws -> LanguageModel {
        let url =
            try subject == .text
            ? #require(TestFiles.defaultModel) : folder.appending(path: "model")
        return try LanguageModel.load(
            url, dtype: dtype.dtype, device: .cpu)
    }

    /// Every method, with several update passes where it has them.
    static let methods = [
        "dpo", "bco_pair", "orpo", "simpo", "kto", "reward", "grpo", "rloo", "ppo",
    ]
    /// The same and supervised fine-tuning, which has tests of its own on text.
    static let all = ["sft", "dpo precomputed"] + methods

    /// A trainer of one method.
    ///
    /// - Parameters:
    ///   - model: what is trained; nil for a new one.
    ///   - change: what a test changes in the shared settings.
    func trainer(
        _ method: String, _ name: String, on model: LanguageModel? = nil,
        _ change: (inout TrainingSettings) -> Void = { _ in }
    ) throws -> any Trainer {
        let note: (String) -> Void = { text in
            if text.contains("records hold an image") {
                self.shares.append(text)
            } else {
                self.warnings.append(text)
            }
        }
        func prepare(_ settings: inout TrainingSettings) throws -> LanguageModel {
            shared(&settings, name, data: MethodRecords.purpose(of: method).rawValue)
            settings.perDeviceTrainBatchSize = 4
            settings.maxSteps = 6
            change(&settings)
            return try model ?? self.model(settings.dtype)
        }
        switch method {
        case "sft":
            var recipe = SupervisedRecipe()
            let model = try prepare(&recipe.settings)
            return try SupervisedTrainer(recipe, model: model, warn: note)
        case "reward":
            var recipe = RewardModelRecipe()
            let model = try prepare(&recipe.settings)
            return try RewardModelTrainer(recipe, model: model, warn: note)
        case "kto":
            var recipe = KTORecipe()
            recipe.method.reference = reference
            let model = try prepare(&recipe.settings)
            return try KTOTrainer(recipe, model: model, warn: note)
        case "grpo":
            var recipe = GRPORecipe()
            let model = try prepare(&recipe.settings)
            rollout(&recipe.method.rollout)
            recipe.method.own.numGenerations = 2
            recipe.method.own.numIterations = 2
            recipe.method.own.stepsPerGeneration = 2
            recipe.method.own.beta = 0.1
            return try PolicyTrainer(recipe, model: model, warn: note)
        case "rloo":
            var recipe = RLOORecipe()
            let model = try prepare(&recipe.settings)
            rollout(&recipe.method.rollout)
            recipe.method.own.numIterations = 2
            return try PolicyTrainer(recipe, model: model, warn: note)
        case "ppo":
            var recipe = PPORecipe()
            let model = try prepare(&recipe.settings)
            rollout(&recipe.method.rollout)
            recipe.method.own.valueModel = valueModel
            recipe.method.own.numPpoEpochs = 2
            recipe.method.own.numMiniBatches = 2
            recipe.method.own.klTarget = 1
            return try PPOTrainer(recipe, model: model, warn: note)
        default:
            var recipe = PreferenceRecipe()
            let model = try prepare(&recipe.settings)
            recipe.method.lossType =
                method.hasPrefix("dpo")
                ? .sigmoid : try #require(PreferenceLossType(rawValue: method))
            recipe.method.reference = reference
            recipe.method.precomputeRefLogProbs = method == "dpo precomputed"
            return try PreferenceTrainer(recipe, model: model, warn: note)
        }
    }

    func run(_ name: String) -> FinishedFolder {
        FinishedFolder(url: folder.appending(path: name))
    }
}

/// What a run left behind.
struct FinishedFolder {
    let url: URL

    /// All trained weights: adapters and heads.
    var weights: [String: Data] {
        get throws {
            var result: [String: Data] = [:]
            for name in ["adapter", "critic"] {
                let file = url.appending(path: "\(name)/adapter_model.safetensors")
                if FileManager.default.fileExists(atPath: file.path) {
                    result[name] = try Data(contentsOf: file)
                }
            }
            return result
        }
    }

    func values(_ name: String) throws -> [Double] {
        try MetricsLog.rows(of: url.appending(path: "metrics.jsonl")).compactMap {
            $0.values[name]
        }
    }
}
