import Generation

/// The steps of a method that learns from its own answers: a rollout is drawn before the first of
/// its steps, and measured by it.
protocol RolloutTrainer: Trainer {
    /// What an update takes of a rollout for each prompt.
    associatedtype Item: Codable
    associatedtype Sums: RolloutSums

    var model: LanguageModel { get }
    var plan: RolloutPlan { get }
    var sampler: RolloutSampler { get }
    var memory: CheckpointedState<RolloutMemory<Item>> { get }
    var session: TrainingSession { get }

    /// Draws and scores the rollout with this number.
    func draw(_ number: Int) throws -> (Rollout, RolloutStatistics)
    /// Puts a rollout to work: advantages, curves.
    func settle(_ rollout: Rollout, _ number: Int, _ statistics: RolloutStatistics) throws
    /// What the step at a place takes.
    func items(at place: RolloutPlan.Place) -> [Item]
    /// Accumulates gradients.
    ///
    /// - Parameter comparing: whether the policy is still the one that sampled.
    func update(_ items: [Item], comparing: Bool) throws -> Sums
    func report(_ items: [Item], _ sums: Sums) -> StepReport
}

/// What an update gave.
protocol RolloutSums {
    /// How far the tokens were from those of sampling, where that was asked for.
    var gap: LogProbabilityGap { get }
}

extension RolloutTrainer {
    /// Accumulates the gradients of one optimizer step.
    func step(_ number: Int) throws -> StepReport {
        let place = plan.place(ofStep: number)
        if memory.value.rollout != place.rollout { return try begin(place) }
        let items = items(at: place)
        return report(items, try update(items, comparing: false))
    }

    /// The first step of a new rollout.
    private func begin(_ place: RolloutPlan.Place) throws -> StepReport {
        var (rollout, statistics) = try draw(place.rollout)
        try settle(rollout, place.rollout, statistics)
        var sums = try update(items(at: place), comparing: true)
        if memory.value.compare(sums.gap, model.decoder.dtype, &statistics) {
            // Rewards and ratios were of numbers that training does not know: once more, corrected.
            session.state.optimizer.clearGradients()
            try sampler.recompute(&rollout.groups, promptsPerStep: plan.promptsPerStep)
            try settle(rollout, place.rollout, statistics)
            sums = try update(items(at: place), comparing: true)
            _ = memory.value.compare(sums.gap, model.decoder.dtype, &statistics)
        }
        return report(items(at: place), sums)
    }

    /// What every report of a step holds besides its numbers.
    func report(
        _ items: [Item], loss: Double, tokens: Int, values: [String: Double], entropy: Double,
        records: [String]
    ) -> StepReport {
        let (alarms, statistics) = memory.value.watched(values, entropy: entropy)
        return StepReport(
            loss: loss, tokens: tokens, values: values, records: records, alarms: alarms,
            accept: { self.memory.value.accept(statistics) },
            alone: { index in
                let item = [items[index]]
                return self.report(item, try self.update(item, comparing: false))
            })
    }
}
