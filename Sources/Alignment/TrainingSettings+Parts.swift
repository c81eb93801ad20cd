import Datasets
import Optimizers

// The settings of the parts, which never see the recipe.

extension TrainingSettings {
    /// Records of a step and how they are cut.
    func batches(_ strategy: BatchStrategy = .fixed) -> BatchConfiguration {
        BatchConfiguration(
            strategy: strategy, batchSize: perDeviceTrainBatchSize,
            accumulation: gradientAccumulationSteps,
            maxTokensPerMicroBatch: maxTokensPerMicroBatch > 0
                ? max(maxTokensPerMicroBatch, maxLength) : nil,
            seed: seed)
    }

    var optimizer: AdamW.Settings {
        AdamW.Settings(
            beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon, weightDecay: weightDecay)
    }

    func schedule(total: Int) -> Schedule {
        let share = Int((warmupRatio * Double(total)).rounded(.up))
        return Schedule(
            lrSchedulerType, peak: learningRate, warmupSteps: warmupSteps > 0 ? warmupSteps : share,
            totalSteps: total)
    }

    func loop(total: Int, perEpoch: Int) -> TrainingLoop.Settings {
        TrainingLoop.Settings(
            totalSteps: total, maxGradNorm: maxGradNorm, loggingSteps: loggingSteps,
            evalSteps: evalSteps > 0 ? evalSteps : perEpoch,
            saveSteps: saveSteps > 0 ? saveSteps : perEpoch, keptCheckpoints: saveTotalLimit)
    }
}
