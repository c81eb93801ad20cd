import Objectives

/// The keys of group relative policy optimisation, under TRL's names.
public struct GRPOKeys: RolloutKeys, PolicyKeys {
    public var numGenerations = 8
    public var numIterations = 1
    public var stepsPerGeneration = 1
    public var lossType = PolicyLoss.Kind.dapo
    public var importanceSamplingLevel = PolicyLoss.ImportanceLevel.token
    public var epsilon = 0.2
    /// The upper bound where it differs; 0 takes `epsilon`.
    public var epsilonHigh = 0.0
    /// Two-sided clipping; 0 switches it off.
    public var delta = 0.0
    public var beta = 0.0
    public var useBiasCorrectionKl = true
    public var scaleRewards = GroupAdvantages.Scale.group
    public var multiObjectiveAggregation = GroupAdvantages.Aggregation.sumThenNormalize
    public var maskTruncatedCompletions = false
    /// Rounds in which groups without spread are replaced by other prompts (DAPO,
    /// arXiv:2503.14476); 0 keeps them.
    public var dynamicSamplingRounds = 0

    public init() {}

    public static let method = "grpo"
    public static let choices = [
        "loss_type": PolicyLoss.Kind.allCases.map(\.rawValue),
        "importance_sampling_level": PolicyLoss.ImportanceLevel.allCases.map(\.rawValue),
        "scale_rewards": GroupAdvantages.Scale.allCases.map(\.rawValue),
        "multi_objective_aggregation": GroupAdvantages.Aggregation.allCases.map(\.rawValue),
    ]

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkGroups(settings)
        try RecipeFault.require(
            delta == 0 || delta > 1 + upperEpsilon, "delta", "must be 0, or above 1 + epsilon_high")
        try RecipeFault.require(
            lossType != .cispo || epsilonHigh >= 1, "epsilon_high",
            "is the largest ratio itself with cispo, such as 5")
    }

    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch {
        GroupAdvantages(
            groupSize: numGenerations, weights: weights, scale: scaleRewards,
            aggregation: multiObjectiveAggregation)(rollout.scores.rows)
    }

    func loss(
        _ tokens: PolicyTokens, advantages: [Double], totals: StepTotals,
        maxCompletionLength: Int
    ) -> PolicyResult {
        let loss = PolicyLoss(
            lossType, importanceLevel: importanceSamplingLevel, epsilonLow: epsilon,
            epsilonHigh: upperEpsilon, delta: delta > 0 ? delta : nil, beta: beta,
            correctsDivergence: useBiasCorrectionKl, maxCompletionLength: maxCompletionLength)
        return loss(
            tokens, advantages: .perCompletion(advantages, like: tokens.current), totals: totals)
    }
}

/// The keys of REINFORCE with a leave-one-out baseline, under TRL's names.
public struct RLOOKeys: RolloutKeys, PolicyKeys {
    public var numGenerations = 2
    public var numIterations = 1
    public var stepsPerGeneration = 1
    public var epsilon = 0.2
    /// The upper bound where it differs; 0 takes `epsilon`.
    public var epsilonHigh = 0.0
    /// Weight of the divergence in the reward.
    public var beta = 0.05
    public var normalizeAdvantages = false
    public var maskTruncatedCompletions = false
    /// As in ``GRPOKeys``.
    public var dynamicSamplingRounds = 0

    public init() {}

    public static let method = "rloo"

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkGroups(settings)
    }

    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch {
        LeaveOneOutAdvantages(
            groupSize: numGenerations, weights: weights, beta: beta,
            normalizesAdvantages: normalizeAdvantages)(
                rollout.scores.rows,
                divergences: rollout.groups.flatMap { $0.completions.map(\.divergence) })
    }

    func loss(
        _ tokens: PolicyTokens, advantages: [Double], totals: StepTotals,
        maxCompletionLength: Int
    ) -> PolicyResult {
        let loss = RLOOLoss(epsilonLow: epsilon, epsilonHigh: upperEpsilon)
        return loss(
            tokens, advantages: .perCompletion(advantages, like: tokens.current),
            normaliser: totals.completions)
    }
}

public typealias GRPOSettings = RolloutMethod<GRPOKeys>
public typealias RLOOSettings = RolloutMethod<RLOOKeys>
/// The recipe of `preceptor grpo`.
public typealias GRPORecipe = TrainingRecipe<GRPOSettings>
/// The recipe of `preceptor rloo`.
public typealias RLOORecipe = TrainingRecipe<RLOOSettings>
