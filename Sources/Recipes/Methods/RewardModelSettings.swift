/// What training a reward model adds to a recipe; see ``keys``.
public struct RewardModelSettings: MethodSettings, DescribedSettings {
    public var centerRewardsCoefficient = 0.0

    public init() {}

    public static let method = TrainingMethod.reward

    public static let keys: [SettingKey<RewardModelSettings>] = [
        SettingKey(
            "center_rewards_coefficient", \.centerRewardsCoefficient, .zeroOrMore,
            "weight of the term that keeps the mean of the rewards at 0; 0 switches it off")
    ]

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = 1e-4
        settings.numTrainEpochs = 1
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) { try checkBounds() }
}

/// The recipe of `preceptor reward`.
public typealias RewardModelRecipe = TrainingRecipe<RewardModelSettings>
