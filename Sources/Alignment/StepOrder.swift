import Datasets

/// The records of each step, asked for in order; each epoch is planned once.
final class StepOrder {
    let plan: BatchPlan
    private var current: EpochPlan
    /// Steps before the epoch at work.
    private var before = 0

    init(_ plan: BatchPlan) {
        self.plan = plan
        current = plan.epoch(0)
    }

    /// Records of a step, cut into micro-batches.
    func microBatches(ofStep number: Int) -> [[Int]] {
        if number < before {
            before = 0
            current = plan.epoch(0)
        }
        while number >= before + current.steps.count {
            before += current.steps.count
            current = plan.epoch(current.epoch + 1)
        }
        return current.steps[number - before].microBatches
    }
}

extension BatchPlan {
    /// Optimizer steps of a whole run in which each batch serves some.
    func totalSteps(_ settings: TrainingSettings, stepsEach: Int = 1) -> Int {
        if settings.maxSteps > 0 { return settings.maxSteps }
        let whole = Int(settings.numTrainEpochs)
        let rest = settings.numTrainEpochs - Double(whole)
        let last = rest > 0 ? (Double(stepCount(epoch: whole)) * rest).rounded(.up) : 0
        return (stepCount(epochs: whole) + Int(last)) * stepsEach
    }
}
