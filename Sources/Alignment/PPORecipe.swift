import Foundation
import Objectives
import Records

/// What proximal policy optimisation adds to a recipe.
@dynamicMemberLookup
public struct PPOSettings: Sendable, Hashable {
    public var rollout = RolloutSettings()
    public var own = Own()

    /// Its own keys, under TRL's names.
    public struct Own: Sendable, Hashable, Codable {
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
    }

    public init() {}

    public subscript<Value>(dynamicMember path: WritableKeyPath<RolloutSettings, Value>) -> Value {
        get { rollout[keyPath: path] }
        set { rollout[keyPath: path] = newValue }
    }

    public subscript<Value>(dynamicMember path: WritableKeyPath<Own, Value>) -> Value {
        get { own[keyPath: path] }
        set { own[keyPath: path] = newValue }
    }
}

extension PPOSettings: MethodSettings {
    public static let method = "ppo"
    public static let choices = ["kl_estimator": ["k1", "k3"]]

    public init(from decoder: any Decoder) throws {
        rollout = try RolloutSettings(from: decoder)
        own = try Own(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try rollout.encode(to: encoder)
        try own.encode(to: encoder)
    }

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.adjustForRollouts()
        settings.learningRate = 3e-6
    }

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        guard key == "value_model", let path = value.string, !path.isEmpty else {
            return RolloutSettings.resolved(value, key, in: folder)
        }
        return .string(folder.resolved(path))
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try rollout.check(settings)
        let batch = settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps
        try RecipeFault.require(
            (1...1000).contains(own.numPpoEpochs), "num_ppo_epochs", "must be in 1...1000")
        try RecipeFault.require(
            own.numGenerations >= 1 && batch % own.numGenerations == 0, "num_generations",
            "must divide per_device_train_batch_size times gradient_accumulation_steps")
        try RecipeFault.require(
            own.numMiniBatches >= 1 && batch / own.numGenerations % own.numMiniBatches == 0,
            "num_mini_batches", "must divide the prompts of a rollout")
        for (key, value) in [
            ("cliprange", own.cliprange), ("cliprange_value", own.cliprangeValue),
            ("kl_horizon", own.klHorizon),
        ] { try RecipeFault.require(value > 0, key, "must be above 0") }
        for (key, value) in [
            ("kl_coef", own.klCoef), ("kl_target", own.klTarget), ("vf_coef", own.vfCoef),
            ("missing_eos_penalty", own.missingEosPenalty),
        ] { try RecipeFault.require(value >= 0, key, "must be 0 or more") }
        for (key, value) in [("gamma", own.gamma), ("lam", own.lam)] {
            try RecipeFault.require((0...1).contains(value), key, "must be in [0, 1]")
        }
    }

    var controller: KLController {
        KLController(
            coefficient: own.klCoef,
            target: own.klTarget > 0
                ? KLController.Target(divergence: own.klTarget, horizon: own.klHorizon) : nil)
    }
}

/// The recipe of `preceptor ppo`.
public typealias PPORecipe = TrainingRecipe<PPOSettings>
