import Foundation
import Objectives
import Records

/// The keys of proximal policy optimisation, under TRL's names.
public struct PPOKeys: RolloutKeys {
    /// Answers to each prompt, which is computed once for all of them.
    public var numGenerations = 1
    /// Passes over each rollout.
    public var numPpoEpochs = 4
    /// Optimizer steps of each pass.
    public var numMiniBatches = 1
    /// Weight of the divergence from the reference in the reward.
    public var klCoef = 0.05
    public var klEstimator = KLEstimator.k1
    /// Divergence of a completion, in nats, that the weight is led to; 0 keeps it fixed.
    public var klTarget = 0.0
    /// Completions in which the weight may change by a fifth.
    public var klHorizon = 10_000.0
    public var cliprange = 0.2
    public var vfCoef = 0.1
    public var cliprangeValue = 0.2
    public var gamma = 1.0
    public var lam = 0.95
    public var whitenRewards = false
    /// What a truncated completion loses of its score.
    public var missingEosPenalty = 0.0
    /// The reward model whose adapter and head the critic starts from; empty for a new one.
    public var valueModel = ""

    public init() {}

    public static let method = "ppo"
    public static let choices = ["kl_estimator": ["k1", "k3"]]
    public static let learningRate = 3e-6

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        guard key == "value_model", let path = value.string, !path.isEmpty else { return value }
        return .string(folder.resolved(path))
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try RecipeFault.require(
            settings.validationFile.isEmpty && settings.validationSplit == 0, "validation_split",
            "and validation_file have no use here: ppo validates nothing while it trains")
        let batch = settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps
        try RecipeFault.require(
            (1...1000).contains(numPpoEpochs), "num_ppo_epochs", "must be in 1...1000")
        try RecipeFault.require(
            numGenerations >= 1 && batch % numGenerations == 0, "num_generations",
            "must divide per_device_train_batch_size times gradient_accumulation_steps")
        try RecipeFault.require(
            numMiniBatches >= 1 && batch / numGenerations % numMiniBatches == 0,
            "num_mini_batches", "must divide the prompts of a rollout")
        for (key, value) in [
            ("cliprange", cliprange), ("cliprange_value", cliprangeValue),
            ("kl_horizon", klHorizon),
        ] { try RecipeFault.require(value > 0, key, "must be above 0") }
        for (key, value) in [
            ("kl_coef", klCoef), ("kl_target", klTarget), ("vf_coef", vfCoef),
            ("missing_eos_penalty", missingEosPenalty),
        ] { try RecipeFault.require(value >= 0, key, "must be 0 or more") }
        for (key, value) in [("gamma", gamma), ("lam", lam)] {
            try RecipeFault.require((0...1).contains(value), key, "must be in [0, 1]")
        }
    }

    /// Prompts that one optimizer step takes.
    func promptsPerStep(_ settings: TrainingSettings) -> Int {
        settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps / numGenerations
            / numMiniBatches
    }

    var controller: KLController {
        KLController(
            coefficient: klCoef,
            target: klTarget > 0
                ? KLController.Target(divergence: klTarget, horizon: klHorizon) : nil)
    }
}

public typealias PPOSettings = RolloutMethod<PPOKeys>
/// The recipe of `preceptor ppo`.
public typealias PPORecipe = TrainingRecipe<PPOSettings>
