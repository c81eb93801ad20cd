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
        // First the place: finding it may move on to another epoch.
        let place = place(ofStep: number)
        return current.steps[place].microBatches
    }

    /// The records of the other steps of its epoch, the one right before it first; behind the
    /// epoch's first record comes its last.
    func recordsBefore(step number: Int) -> some Sequence<Int> {
        let place = place(ofStep: number)
        let steps = current.steps
        return (1..<max(steps.count, 1)).lazy.flatMap { distance in
            steps[(place + steps.count - distance) % steps.count].microBatches.joined().reversed()
        }
    }

    /// Where a step stands in its epoch, which is the current one from then on.
    private func place(ofStep number: Int) -> Int {
        if number < before {
            before = 0
            current = plan.epoch(0)
        }
        while number >= before + current.steps.count {
            before += current.steps.count
            current = plan.epoch(current.epoch + 1)
        }
        return number - before
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
