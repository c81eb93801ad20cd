import Datasets
import Recipes

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

/// How many optimizer steps passes over the data take.
protocol PlannedSteps {
    /// Of the first epoch; others have as many, or with packing nearly.
    var stepsPerEpoch: Int { get }
    /// Of the first `epochs` epochs.
    func stepCount(epochs: Int) -> Int
    /// Of the first share of an epoch, rounded up.
    func stepCount(epoch: Int, share: Double) -> Int
}

extension PlannedSteps {
    /// Optimizer steps of a whole run.
    func totalSteps(_ settings: TrainingSettings) -> Int {
        if settings.maxSteps > 0 { return settings.maxSteps }
        let whole = Int(settings.numTrainEpochs)
        let rest = settings.numTrainEpochs - Double(whole)
        return stepCount(epochs: whole) + (rest > 0 ? stepCount(epoch: whole, share: rest) : 0)
    }
}

extension BatchPlan: PlannedSteps {
    var stepsPerEpoch: Int { stepCount(epoch: 0) }

    func stepCount(epoch: Int, share: Double) -> Int {
        Int((Double(stepCount(epoch: epoch)) * share).rounded(.up))
    }
}
