/// What training a reward model adds to a recipe.
public struct RewardModelSettings: MethodSettings {
    /// Weight of the term that keeps the mean of the rewards at 0; 0 switches it off.
    public var centerRewardsCoefficient = 0.0

    public init() {}

    public static let method = "reward"
    public static let choices: [String: [String]] = [:]

    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = 1e-4
        settings.numTrainEpochs = 1
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try RecipeFault.require(
            centerRewardsCoefficient >= 0, "center_rewards_coefficient", "must be 0 or more")
    }
}

/// The recipe of `preceptor reward`.
public typealias RewardModelRecipe = TrainingRecipe<RewardModelSettings>
