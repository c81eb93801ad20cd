/// The keys of group relative policy optimisation, under TRL's names; see ``keys``.
public struct GRPOKeys: GroupKeys {
    public var numGenerations = 8
    public var numIterations = 1
    public var stepsPerGeneration = 1
    public var lossType = PolicyLossType.dapo
    public var importanceSamplingLevel = ImportanceSamplingLevel.token
    public var epsilon = 0.2
    public var epsilonHigh = 0.0
    public var delta = 0.0
    public var beta = 0.0
    public var useBiasCorrectionKl = true
    public var scaleRewards = RewardScale.group
    public var multiObjectiveAggregation = RewardAggregation.sumThenNormalize
    public var maskTruncatedCompletions = false
    public var dynamicSamplingRounds = 0

    public init() {}

    public static let method = TrainingMethod.grpo

    public static let keys: [SettingKey<GRPOKeys>] = [
        SettingKey(
            "num_generations", \.numGenerations, .integers(2...4096), GroupMeaning.generations),
        SettingKey(
            "num_iterations", \.numIterations, .integers(1...4096), GroupMeaning.iterations),
        SettingKey(
            "steps_per_generation", \.stepsPerGeneration, .integers(1...4096), GroupMeaning.steps),
        SettingKey("loss_type", \.lossType, "how tokens are weighted and summed"),
        SettingKey(
            "importance_sampling_level", \.importanceSamplingLevel,
            "what the ratio of new to old policy is of: a token, or the whole answer (GSPO)"),
        SettingKey("epsilon", \.epsilon, .aboveZero, GroupMeaning.epsilon),
        SettingKey("epsilon_high", \.epsilonHigh, .zeroOrMore, GroupMeaning.epsilonHigh),
        SettingKey(
            "delta", \.delta,
            "the largest ratio before it is clipped, above 1 + epsilon_high; 0 is off"),
        SettingKey(
            "beta", \.beta, .zeroOrMore,
            "weight of the divergence from the reference in the loss; 0 needs no reference"),
        SettingKey(
            "use_bias_correction_kl", \.useBiasCorrectionKl,
            "weights the divergence with the ratio, which makes its gradient unbiased"),
        SettingKey(
            "scale_rewards", \.scaleRewards,
            "of what the deviation is that advantages are divided by"),
        SettingKey(
            "multi_objective_aggregation", \.multiObjectiveAggregation,
            "whether several rewards are summed and then normalised, or the other way round"),
        SettingKey(
            "mask_truncated_completions", \.maskTruncatedCompletions, GroupMeaning.mask),
        SettingKey(
            "dynamic_sampling_rounds", \.dynamicSamplingRounds, .integers(0...100),
            GroupMeaning.rounds),
    ]

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkGroups(settings)
        try RecipeFault.require(
            delta == 0 || delta > 1 + upperEpsilon, "delta", "must be 0, or above 1 + epsilon_high")
        try RecipeFault.require(
            lossType != .cispo || epsilonHigh >= 1, "epsilon_high",
            "is the largest ratio itself with cispo, such as 5")
    }
}

public typealias GRPOSettings = RolloutMethod<GRPOKeys>
/// The recipe of `preceptor grpo`.
public typealias GRPORecipe = TrainingRecipe<GRPOSettings>
