import Datasets

/// Which rollout an optimizer step belongs to, and which part of it.
///
/// Each rollout is cut into parts of as many prompts as a step takes, and serves some passes over
/// them. The last rollout of an epoch holds what is left: it has fewer parts, of which the last may
/// be smaller, so that no step is without answers and no prompt is left out. (TRL leaves such
/// a rollout out.)
struct RolloutPlan {
    private let order: StepOrder
    let promptsPerStep: Int
    private let passes: Int

    /// - Parameters:
    ///   - lengths: tokens of each prompt.
    ///   - sampling: how often each prompt is drawn; nil for once an epoch.
    ///   - promptsPerStep: what one optimizer step takes.
    ///   - stepsPerPass: optimizer steps of a pass over a whole rollout.
    /// - Throws: ``BatchError`` where there is no prompt.
    init(
        lengths: [Int], sampling: RecordSampling? = nil, promptsPerStep: Int, stepsPerPass: Int,
        passes: Int, seed: UInt64
    ) throws(BatchError) {
        order = StepOrder(
            try BatchPlan(
                lengths: lengths,
                configuration: BatchConfiguration(
                    batchSize: promptsPerStep * stepsPerPass, seed: seed, sampling: sampling)))
        (self.promptsPerStep, self.passes) = (promptsPerStep, passes)
    }

    /// Where an optimizer step stands.
    struct Place: Equatable {
        /// Counted over the whole run, from 0, as the others.
        let rollout: Int
        let pass: Int
        let part: Int
    }

    func place(ofStep number: Int) -> Place {
        let (epoch, step) = number.quotientAndRemainder(dividingBy: stepsPerEpoch)
        // Only the last of an epoch is short.
        let whole = min(size, plan.lengths.count)
        let (index, within) = step.quotientAndRemainder(dividingBy: parts(of: whole) * passes)
        let rollout = epoch * plan.stepCount(epoch: 0) + index
        let (pass, part) = within.quotientAndRemainder(dividingBy: parts(ofRollout: rollout))
        return Place(rollout: rollout, pass: pass, part: part)
    }

    /// The prompts of a rollout, as indices into what the plan was made from.
    func prompts(ofRollout number: Int) -> [Int] {
        order.microBatches(ofStep: number).flatMap { $0 }
    }

    /// What a step takes of a rollout's prompts, in the order of its pass.
    func slice<Element>(_ place: Place, of elements: [Element]) -> [Element] {
        let start = place.part * promptsPerStep
        return Array(elements[start..<min(start + promptsPerStep, elements.count)])
    }

    private var plan: BatchPlan { order.plan }
    /// Prompts of a whole rollout.
    private var size: Int { plan.configuration.batchSize }

    private func parts(of count: Int) -> Int { (count + promptsPerStep - 1) / promptsPerStep }

    private func parts(ofRollout number: Int) -> Int {
        let index = number % plan.stepCount(epoch: 0)
        return parts(of: min(size, plan.lengths.count - index * size))
    }
}

extension RolloutPlan: PlannedSteps {
    var stepsPerEpoch: Int { steps(ofRollouts: plan.stepCount(epoch: 0)) }

    func stepCount(epochs: Int) -> Int { epochs * stepsPerEpoch }

    /// Whole rollouts: the last one begun is served to its end.
    func stepCount(epoch: Int, share: Double) -> Int {
        steps(ofRollouts: Int((Double(plan.stepCount(epoch: epoch)) * share).rounded(.up)))
    }

    /// Steps of the first `count` rollouts of an epoch.
    private func steps(ofRollouts count: Int) -> Int {
        (0..<count).reduce(0) { $0 + parts(ofRollout: $1) } * passes
    }
}
