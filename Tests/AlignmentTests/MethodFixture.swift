import Datasets
import Foundation
import Generation
import Layers
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport
import Tracking

@testable import Alignment

/// Small runs of every method on the default model and a few made-up records.
final class MethodFixture {
    let folder: URL

    init() throws {
        startEngine()
        folder = try TestFiles.scratchFolder()
        for (name, lines) in [("pairs", Self.pairs), ("prompts", Self.prompts)] {
            try Data(lines.joined(separator: "\n").utf8).write(to: file(name))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String) -> URL { folder.appending(path: "\(name).jsonl") }

    private static let questions = [
        ("Which vitamin prevents scurvy?", "Vitamin C does.", "Vitamin D."),
        (
            "What is low in iron deficiency?", "Ferritin is low.",
            "The white cells are low, I think."
        ),
        ("Which drug relieves an acute asthma attack?", "Inhaled salbutamol.", "Aspirin."),
        ("What rules out meningitis?", "A lumbar puncture.", "A blood pressure cuff, at night."),
        ("Which organ makes insulin?", "The pancreas makes it.", "The spleen."),
        ("What does a barking cough suggest?", "Croup.", "Gout of the larynx, quite surely."),
    ]

    private static let pairs = questions.enumerated().map { index, row in
        #"{"id": "p\#(index)", "prompt": "\#(row.0)", "chosen": " \#(row.1)", "rejected": " \#(row.2)"}"#
    }

    private static let prompts = questions.enumerated().map { index, row in
        #"{"id": "q\#(index)", "prompt": [{"role": "user", "content": "\#(row.0)"}], "answer": "\#(row.1)"}"#
    }

    /// What all recipes here share: tiny adapters, visible steps, f32.
    func shared(_ settings: inout TrainingSettings, _ name: String, data: String) {
        settings.trainFile = file(data).path
        settings.outputDir = folder.appending(path: name).path
        settings.dtype = "f32"
        settings.loraR = 2
        settings.loraDropout = 0
        settings.learningRate = 1e-3
        settings.maxTokensPerMicroBatch = 0
        settings.saveSteps = 1
        settings.saveTotalLimit = 20
    }

    /// Rewards short answers, so that samples differ.
    func rollout(_ settings: inout RolloutSettings) {
        settings.rewards = [
            .object([
                "type": .string("length"), "min_tokens": .integer(1), "max_tokens": .integer(6),
                "margin": .integer(8),
            ])
        ]
        settings.maxCompletionLength = 12
    }

    func model(_ dtype: String = "f32") throws -> LanguageModel {
        try LanguageModel.load(
            try #require(TestFiles.defaultModel),
            dtype: dtype == "f32" ? .float32 : .bfloat16, device: .cpu)
    }

    /// Every method, with several update passes where it has them.
    static let methods = [
        "dpo", "bco_pair", "orpo", "simpo", "kto", "reward", "grpo", "rloo", "ppo",
    ]

    /// A trainer of one method.
    ///
    /// - Parameter change: what a test changes in the shared settings.
    func trainer(
        _ method: String, _ name: String, _ change: (inout TrainingSettings) -> Void = { _ in }
    ) throws -> any Trainer {
        let ignore: (String) -> Void = { _ in }
        switch method {
        case "reward":
            var recipe = RewardModelRecipe()
            prepare(&recipe.settings, name, "pairs", change)
            return try RewardModelTrainer(recipe, model: model(recipe.dtype), warn: ignore)
        case "kto":
            var recipe = KTORecipe()
            prepare(&recipe.settings, name, "pairs", change)
            return try KTOTrainer(recipe, model: model(recipe.dtype), warn: ignore)
        case "grpo":
            var recipe = GRPORecipe()
            prepare(&recipe.settings, name, "prompts", change)
            rollout(&recipe.method.rollout)
            recipe.method.own.numGenerations = 2
            recipe.method.own.numIterations = 2
            recipe.method.own.stepsPerGeneration = 2
            recipe.method.own.beta = 0.1
            return try PolicyTrainer(recipe, model: model(recipe.dtype), warn: ignore)
        case "rloo":
            var recipe = RLOORecipe()
            prepare(&recipe.settings, name, "prompts", change)
            rollout(&recipe.method.rollout)
            recipe.method.own.numIterations = 2
            return try PolicyTrainer(recipe, model: model(recipe.dtype), warn: ignore)
        case "ppo":
            var recipe = PPORecipe()
            prepare(&recipe.settings, name, "prompts", change)
            rollout(&recipe.method.rollout)
            recipe.method.own.numPpoEpochs = 2
            recipe.method.own.numMiniBatches = 2
            recipe.method.own.klTarget = 1
            return try PPOTrainer(recipe, model: model(recipe.dtype), warn: ignore)
        default:
            var recipe = PreferenceRecipe()
            prepare(&recipe.settings, name, "pairs", change)
            recipe.method.lossType = method.hasPrefix("dpo") ? "sigmoid" : method
            recipe.method.precomputeRefLogProbs = method == "dpo precomputed"
            return try PreferenceTrainer(recipe, model: model(recipe.dtype), warn: ignore)
        }
    }

    private func prepare(
        _ settings: inout TrainingSettings, _ name: String, _ data: String,
        _ change: (inout TrainingSettings) -> Void
    ) {
        shared(&settings, name, data: data)
        settings.perDeviceTrainBatchSize = 4
        settings.maxSteps = 6
        change(&settings)
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
