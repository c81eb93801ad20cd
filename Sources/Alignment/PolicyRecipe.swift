import Foundation
import Objectives
import Records

/// What a group-based policy method does with its answers; GRPO and RLOO.
protocol PolicyMethod: MethodSettings {
    var rollout: RolloutSettings { get }
    /// Answers to each prompt.
    var numGenerations: Int { get }
    /// Update passes over each rollout.
    var numIterations: Int { get }
    /// Optimizer steps that one rollout serves in each pass.
    var stepsPerGeneration: Int { get }
    var maskTruncatedCompletions: Bool { get }
    /// Draws new prompts for groups whose rewards are all the same, at most this often.
    var dynamicSamplingRounds: Int { get }
    /// Whether the method compares with a reference.
    var needsReference: Bool { get }

    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch
    /// The loss of a micro-batch; advantages one a completion.
    func loss(_ tokens: PolicyTokens, advantages: [Double], totals: StepTotals) -> PolicyResult
}

/// What group relative policy optimisation adds to a recipe.
@dynamicMemberLookup
public struct GRPOSettings: Sendable, Hashable {
    public var rollout = RolloutSettings()
    public var own = Own()

    /// Its own keys, under TRL's names.
    public struct Own: Sendable, Hashable, Codable {
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

extension GRPOSettings: MethodSettings {
    public static let method = "grpo"
    public static let choices = [
        "loss_type": PolicyLoss.Kind.allCases.map(\.rawValue),
        "importance_sampling_level": PolicyLoss.ImportanceLevel.allCases.map(\.rawValue),
        "scale_rewards": GroupAdvantages.Scale.allCases.map(\.rawValue),
        "multi_objective_aggregation": GroupAdvantages.Aggregation.allCases.map(\.rawValue),
    ]

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
    }

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        RolloutSettings.resolved(value, key, in: folder)
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkGroups(settings)
        try RecipeFault.require(own.epsilon > 0, "epsilon", "must be above 0")
        try RecipeFault.require(own.epsilonHigh >= 0, "epsilon_high", "must be 0 or more")
        try RecipeFault.require(own.beta >= 0, "beta", "must be 0 or more")
        try RecipeFault.require(
            own.delta == 0 || own.delta > 1 + upper, "delta",
            "must be 0, or above 1 + epsilon_high")
        try RecipeFault.require(
            own.lossType != .cispo || own.epsilonHigh >= 1, "epsilon_high",
            "is the largest ratio itself with cispo, such as 5")
    }

    private var upper: Double { own.epsilonHigh > 0 ? own.epsilonHigh : own.epsilon }
}

extension GRPOSettings: PolicyMethod {
    var numGenerations: Int { own.numGenerations }
    var numIterations: Int { own.numIterations }
    var stepsPerGeneration: Int { own.stepsPerGeneration }
    var maskTruncatedCompletions: Bool { own.maskTruncatedCompletions }
    var dynamicSamplingRounds: Int { own.dynamicSamplingRounds }
    var needsReference: Bool { own.beta > 0 }

    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch {
        GroupAdvantages(
            groupSize: own.numGenerations, weights: weights, scale: own.scaleRewards,
            aggregation: own.multiObjectiveAggregation)(rollout.scores.rows)
    }

    func loss(_ tokens: PolicyTokens, advantages: [Double], totals: StepTotals) -> PolicyResult {
        PolicyLoss(
            own.lossType, importanceLevel: own.importanceSamplingLevel, epsilonLow: own.epsilon,
            epsilonHigh: upper, delta: own.delta > 0 ? own.delta : nil, beta: own.beta,
            correctsDivergence: own.useBiasCorrectionKl,
            maxCompletionLength: rollout.maxCompletionLength)(
                tokens, advantages: .perCompletion(advantages, like: tokens.current),
                totals: totals)
    }
}

/// The recipe of `preceptor grpo`.
public typealias GRPORecipe = TrainingRecipe<GRPOSettings>

/// What REINFORCE with a leave-one-out baseline adds to a recipe.
@dynamicMemberLookup
public struct RLOOSettings: Sendable, Hashable {
    public var rollout = RolloutSettings()
    public var own = Own()

    /// Its own keys, under TRL's names.
    public struct Own: Sendable, Hashable, Codable {
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
        /// As in ``GRPOSettings``.
        public var dynamicSamplingRounds = 0
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

extension RLOOSettings: MethodSettings {
    public static let method = "rloo"
    public static let choices: [String: [String]] = [:]

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
    }

    public static func resolved(_ value: JSONValue, _ key: String, in folder: URL) -> JSONValue {
        RolloutSettings.resolved(value, key, in: folder)
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkGroups(settings)
        try RecipeFault.require(own.epsilon > 0, "epsilon", "must be above 0")
        try RecipeFault.require(own.epsilonHigh >= 0, "epsilon_high", "must be 0 or more")
        try RecipeFault.require(own.beta >= 0, "beta", "must be 0 or more")
    }
}

extension RLOOSettings: PolicyMethod {
    var numGenerations: Int { own.numGenerations }
    var numIterations: Int { own.numIterations }
    var stepsPerGeneration: Int { own.stepsPerGeneration }
    var maskTruncatedCompletions: Bool { own.maskTruncatedCompletions }
    var dynamicSamplingRounds: Int { own.dynamicSamplingRounds }
    var needsReference: Bool { own.beta > 0 }

    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch {
        LeaveOneOutAdvantages(
            groupSize: own.numGenerations, weights: weights, beta: own.beta,
            normalizesAdvantages: own.normalizeAdvantages)(
                rollout.scores.rows,
                divergences: rollout.groups.flatMap { $0.completions.map(\.divergence) })
    }

    func loss(_ tokens: PolicyTokens, advantages: [Double], totals: StepTotals) -> PolicyResult {
        RLOOLoss(
            epsilonLow: own.epsilon,
            epsilonHigh: own.epsilonHigh > 0 ? own.epsilonHigh : own.epsilon
        )(
            tokens, advantages: .perCompletion(advantages, like: tokens.current),
            normaliser: totals.completions)
    }
}

/// The recipe of `preceptor rloo`.
public typealias RLOORecipe = TrainingRecipe<RLOOSettings>

extension TrainingSettings {
    /// TRL's defaults of the methods that learn from their own answers.
    mutating func adjustForRollouts() {
        learningRate = 1e-6
        numTrainEpochs = 1
        loraDropout = 0
    }
}

extension PolicyMethod {
    /// Prompts of one rollout.
    func promptsPerRollout(_ settings: TrainingSettings) -> Int {
        settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps / numGenerations
            * stepsPerGeneration
    }

    func checkGroups(_ settings: TrainingSettings) throws(RecipeFault) {
        try rollout.check(settings)
        try RecipeFault.require(
            (2...4096).contains(numGenerations), "num_generations", "must be in 2...4096")
        let completions = settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps
        try RecipeFault.require(
            completions % numGenerations == 0, "per_device_train_batch_size",
            "times gradient_accumulation_steps counts completions and must be a multiple of "
                + "num_generations")
        for (key, value) in [
            ("num_iterations", numIterations), ("steps_per_generation", stepsPerGeneration),
        ] { try RecipeFault.require((1...4096).contains(value), key, "must be in 1...4096") }
        try RecipeFault.require(
            (0...100).contains(dynamicSamplingRounds), "dynamic_sampling_rounds",
            "must be in 0...100")
    }
}
