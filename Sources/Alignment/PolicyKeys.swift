import Objectives

/// What a method that learns from groups of answers does with them; GRPO and RLOO.
protocol PolicyKeys: RolloutKeys {
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

    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch
    /// The loss of a micro-batch; advantages one a completion.
    func loss(
        _ tokens: PolicyTokens, advantages: [Double], totals: StepTotals,
        maxCompletionLength: Int
    ) -> PolicyResult
}

extension PolicyKeys {
    var upperEpsilon: Double { epsilonHigh > 0 ? epsilonHigh : epsilon }

    /// Prompts that one optimizer step takes.
    func promptsPerStep(_ settings: TrainingSettings) -> Int {
        settings.perDeviceTrainBatchSize * settings.gradientAccumulationSteps / numGenerations
    }

    func checkGroups(_ settings: TrainingSettings) throws(RecipeFault) {
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
        try RecipeFault.require(epsilon > 0, "epsilon", "must be above 0")
        try RecipeFault.require(epsilonHigh >= 0, "epsilon_high", "must be 0 or more")
        try RecipeFault.require(beta >= 0, "beta", "must be 0 or more")
    }
}
