/// The keys of proximal policy optimisation, under TRL's names; see ``keys``.
public struct PPOKeys: RolloutKeys {
    public var numGenerations = 1
    public var numPpoEpochs = 4
    public var numMiniBatches = 1
    public var klCoef = 0.05
    public var klEstimator = DivergenceEstimator.k1
    public var klTarget = 0.0
    public var klHorizon = 10_000.0
    public var cliprange = 0.2
    public var vfCoef = 0.1
    public var cliprangeValue = 0.2
    public var gamma = 1.0
    public var lam = 0.95
    public var whitenRewards = false
    public var missingEosPenalty = 0.0
    public var valueModel = ""

    public init() {}

    public static let method = TrainingMethod.ppo
    public static let learningRate = 3e-6

    public static let keys: [SettingKey<PPOKeys>] = [
        SettingKey(
            "num_generations", \.numGenerations,
            .count(
                saying: "must divide per_device_train_batch_size times gradient_accumulation_steps"),
            "answers to each prompt, which is computed once for all of them"),
        SettingKey(
            "num_ppo_epochs", \.numPpoEpochs, .integers(1...1000), "passes over each rollout"),
        SettingKey(
            "num_mini_batches", \.numMiniBatches,
            .count(saying: "must divide the prompts of a rollout"),
            "optimizer steps of each pass"),
        SettingKey(
            "kl_coef", \.klCoef, .zeroOrMore,
            "weight of the divergence from the reference in the reward"),
        SettingKey(
            "kl_estimator", \.klEstimator,
            "how the divergence is estimated: k1 is -r, k3 is exp(r) - 1 - r, with r = log "
                + "reference - log policy"),
        SettingKey(
            "kl_target", \.klTarget, .zeroOrMore,
            "divergence of an answer, in nats, that kl_coef is led to; 0 keeps it fixed"),
        SettingKey(
            "kl_horizon", \.klHorizon, .aboveZero,
            "answers in which kl_coef may change by a fifth"),
        SettingKey(
            "cliprange", \.cliprange, .aboveZero,
            "how far from 1 the ratio of new to old policy may move a token's loss"),
        SettingKey("vf_coef", \.vfCoef, .zeroOrMore, "weight of the critic's loss"),
        SettingKey(
            "cliprange_value", \.cliprangeValue, .aboveZero,
            "how far from its old value the critic's may move its loss"),
        SettingKey("gamma", \.gamma, .share, "what a reward one token later is worth"),
        SettingKey(
            "lam", \.lam, .share,
            "how far advantages look ahead: from 0, the next token, to 1, the whole answer"),
        SettingKey(
            "whiten_rewards", \.whitenRewards,
            "brings the rewards of a rollout to deviation 1"),
        SettingKey(
            "missing_eos_penalty", \.missingEosPenalty, .zeroOrMore,
            "what an answer that ran into the length limit loses of its score"),
        SettingKey(
            "value_model", \.valueModel, type: .path,
            "the reward model whose adapter and head the critic starts from; empty for a new one"),
    ]

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try RecipeFault.require(
            settings.validationFile.isEmpty && settings.validationSplit == 0, "validation_split",
            "and validation_file have no use here: ppo validates nothing while it trains")
        try checkBounds()
        let batch = settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps
        try RecipeFault.require(
            batch % numGenerations == 0, "num_generations",
            "must divide per_device_train_batch_size times gradient_accumulation_steps")
        try RecipeFault.require(
            batch / numGenerations % numMiniBatches == 0, "num_mini_batches",
            "must divide the prompts of a rollout")
    }

    /// Prompts that one optimizer step takes.
    package func promptsPerStep(_ settings: TrainingSettings) -> Int {
        settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps / numGenerations
            / numMiniBatches
    }

    public var sources: [RunSource] { [.adapter("value model", folder: valueModel)] }
}

public typealias PPOSettings = RolloutMethod<PPOKeys>
/// The recipe of `preceptor ppo`.
public typealias PPORecipe = TrainingRecipe<PPOSettings>
