/// The keys of a method that learns from groups of answers: GRPO and RLOO.
public protocol GroupKeys: RolloutKeys {
    /// Answers to each prompt.
    var numGenerations: Int { get }
    /// Update passes over each rollout.
    var numIterations: Int { get }
    /// Optimizer steps that one rollout serves in each pass.
    var stepsPerGeneration: Int { get }
    var maskTruncatedCompletions: Bool { get }
    /// Draws new prompts for groups whose rewards are all the same, at most this often.
    var dynamicSamplingRounds: Int { get }
    /// Where ratios are clipped.
    var epsilon: Double { get }
    /// The upper bound where it differs; 0 takes `epsilon`.
    var epsilonHigh: Double { get }
    /// Weight of the divergence from the reference.
    var beta: Double { get }
}

extension GroupKeys {
    package var upperEpsilon: Double { epsilonHigh > 0 ? epsilonHigh : epsilon }

    /// Prompts that one optimizer step takes.
    package func promptsPerStep(_ settings: TrainingSettings) -> Int {
        settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps / numGenerations
    }

    /// - Throws: the first value out of its range, or that groups are not whole in a step.
    func checkGroups(_ settings: TrainingSettings) throws(RecipeFault) {
        try checkBounds()
        let completions = settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps
        try RecipeFault.require(
            completions % numGenerations == 0, "per_device_train_batch_size",
            "times gradient_accumulation_steps counts completions and must be a multiple of "
                + "num_generations")
    }
}

/// What these methods say of the keys that they share.
enum GroupMeaning {
    static let generations = "answers to each prompt; whole groups make an optimizer step"
    static let iterations = "update passes over each rollout"
    static let steps = "optimizer steps that one rollout serves in each pass"
    static let epsilon = "how far from 1 the ratio of new to old policy may move a token's loss"
    static let epsilonHigh = "the same upwards, where it differs; 0 takes epsilon"
    static let mask = "leaves answers that ran into the length limit out of the loss"
    static let rounds =
        "how often groups whose rewards are all equal are replaced by other prompts (DAPO, "
        + "arXiv:2503.14476); 0 keeps them"
}
