import Datasets
import Foundation
import Optimizers
import Recipes

// The settings of the parts, which never see the recipe.

extension TrainingSettings {
    var runFolder: RunFolder { RunFolder(URL(filePath: outputDir)) }

    /// Records of a step and how they are cut.
    ///
    /// - Parameter sampling: how often each is drawn; nil for once an epoch.
    func batches(
        _ strategy: BatchStrategy = .fixed, drawing sampling: RecordSampling?
    ) -> BatchConfiguration {
        BatchConfiguration(
            strategy: strategy, batchSize: perDeviceTrainBatchSize,
            accumulation: gradientAccumulationSteps,
            maxTokensPerMicroBatch: maxTokensPerMicroBatch > 0 ? maxTokensPerMicroBatch : nil,
            seed: seed, sampling: sampling)
    }

    var optimizer: AdamW.Settings {
        AdamW.Settings(
            beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon, weightDecay: weightDecay)
    }

    func schedule(total: Int) -> Schedule {
        let share = Int((warmupRatio * Double(total)).rounded(.up))
        return Schedule(
            lrSchedulerType.shape, peak: learningRate,
            warmupSteps: warmupSteps > 0 ? warmupSteps : share,
            totalSteps: total)
    }

    func loop(total: Int, perEpoch: Int) -> TrainingLoop.Settings {
        TrainingLoop.Settings(
            totalSteps: total, maxGradNorm: maxGradNorm, loggingSteps: loggingSteps,
            evalSteps: evalSteps > 0 ? evalSteps : perEpoch,
            saveSteps: saveSteps > 0 ? saveSteps : perEpoch, keptCheckpoints: saveTotalLimit,
            patience: earlyStoppingPatience)
    }
}

extension BatchPlan {
    /// A plan of micro-batches that hold the longest record, or bin, whatever their limit is.
    ///
    /// - Throws: ``BatchError`` when a size is not positive.
    init(
        holding lengths: [Int], _ configuration: BatchConfiguration
    ) throws(BatchError) {
        var configuration = configuration
        if let limit = configuration.maxTokensPerMicroBatch {
            var longest = lengths.max() ?? 0
            if case .packed(let bin) = configuration.strategy { longest = max(longest, bin) }
            configuration.maxTokensPerMicroBatch = max(limit, longest)
        }
        try self.init(lengths: lengths, configuration: configuration)
    }
}
