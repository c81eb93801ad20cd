/// The keys of REINFORCE with a leave-one-out baseline, under TRL's names; see ``keys``.
public struct RLOOKeys: GroupKeys {
    public var numGenerations = 2
    public var numIterations = 1
    public var stepsPerGeneration = 1
    public var epsilon = 0.2
    public var epsilonHigh = 0.0
    public var beta = 0.05
    public var normalizeAdvantages = false
    public var maskTruncatedCompletions = false
    public var dynamicSamplingRounds = 0

    public init() {}

    public static let method = TrainingMethod.rloo

    public static let keys: [SettingKey<RLOOKeys>] = [
        SettingKey(
            "num_generations", \.numGenerations, .integers(2...4096), GroupMeaning.generations),
        SettingKey(
            "num_iterations", \.numIterations, .integers(1...4096), GroupMeaning.iterations),
        SettingKey(
            "steps_per_generation", \.stepsPerGeneration, .integers(1...4096), GroupMeaning.steps),
        SettingKey("epsilon", \.epsilon, .aboveZero, GroupMeaning.epsilon),
        SettingKey("epsilon_high", \.epsilonHigh, .zeroOrMore, GroupMeaning.epsilonHigh),
        SettingKey(
            "beta", \.beta, .zeroOrMore,
            "weight of the divergence from the reference in the reward"),
        SettingKey(
            "normalize_advantages", \.normalizeAdvantages,
            "brings the advantages of a rollout to mean 0 and deviation 1"),
        SettingKey(
            "mask_truncated_completions", \.maskTruncatedCompletions, GroupMeaning.mask),
        SettingKey(
            "dynamic_sampling_rounds", \.dynamicSamplingRounds, .integers(0...100),
            GroupMeaning.rounds),
    ]

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkGroups(settings)
    }
}

public typealias RLOOSettings = RolloutMethod<RLOOKeys>
/// The recipe of `preceptor rloo`.
public typealias RLOORecipe = TrainingRecipe<RLOOSettings>
