/// All rewards of a run, each with its weight.
public struct RewardPanel {
    private let rewards: [any Reward]
    /// In the order of the recipe.
    public let weights: [Double]
    /// In the order of the recipe.
    public var names: [String] { rewards.map(\.name) }

    /// Rewards with their weights.
    public init(_ rewards: [(reward: any Reward, weight: Double)]) {
        self.rewards = rewards.map(\.reward)
        weights = rewards.map(\.weight)
    }

    /// The rewards of a recipe.
    ///
    /// - Parameter model: makes the reward of a trained model, given its name and settings.
    /// - Throws: as ``RewardSpecification/make(model:)``.
    public init(
        _ specifications: [RewardSpecification],
        model: (String, ModelRewardSettings) throws -> any Reward
    ) throws {
        self.init(try specifications.map { (try $0.make(model: model), $0.weight) })
    }

    /// Scores a batch by every reward.
    ///
    /// - Throws: ``RewardError`` of the first reward that fails, also when it gives another number
    ///   of scores than there are inputs, or a score that is not finite.
    public func scores(of inputs: [RewardInput]) throws(RewardError) -> RewardScores {
        var columns: [[Double?]] = []
        for reward in rewards {
            let column = try reward.scores(of: inputs)
            guard column.count == inputs.count else {
                let reason = "gave \(column.count) scores for \(inputs.count) completions"
                throw RewardError(reward: reward.name, reason: reason)
            }
            let strange = column.indices.filter { column[$0]?.isFinite == false }
            guard strange.isEmpty else {
                throw RewardError(
                    reward: reward.name, reason: "a score is not finite", indices: strange,
                    of: inputs)
            }
            columns.append(column)
        }
        return RewardScores(names: names, weights: weights, columns: columns)
    }
}

/// What the rewards of a run say of one batch.
public struct RewardScores: Sendable, Hashable {
    /// In the order of the recipe.
    public let names: [String]
    /// One for each name.
    public let weights: [Double]
    /// For each name one score for each input; nil where the reward does not apply.
    public let columns: [[Double?]]

    /// Scores made in the program.
    public init(names: [String], weights: [Double], columns: [[Double?]]) {
        (self.names, self.weights, self.columns) = (names, weights, columns)
    }
}
