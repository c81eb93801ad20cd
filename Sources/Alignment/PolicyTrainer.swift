import Datasets
import Foundation
import Generation
import Objectives
import Randomness
import Rewards
import Torch

/// Learning from groups of own answers and their rewards: GRPO and RLOO.
///
/// A rollout is drawn and scored once and then serves `steps_per_generation` times
/// `num_iterations` optimizer steps. It lies in every checkpoint, so a run that was killed within
/// it goes on within it.
public final class PolicyTrainer: Trainer {
    private let settings: TrainingSettings
    private let rollouts: RolloutSettings
    private let method: any PolicyKeys
    private let model: LanguageModel
    private let sampler: RolloutSampler
    private let prompts: [TokenizedPrompt]
    private let validation: [TokenizedPrompt]
    private let order: StepOrder
    private let memory: Kept<PolicyMemory>
    private let session: TrainingSession
    private let log: CompletionLog?
    /// Compares sampling with training once a process.
    private var agreement: SamplingAgreement?

    public convenience init(
        _ recipe: GRPORecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws { try self.init(any: recipe, model, warn) }

    public convenience init(
        _ recipe: RLOORecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws { try self.init(any: recipe, model, warn) }

    /// Reads and checks everything the run needs; nothing has been written yet.
    private init<Keys: PolicyKeys>(
        any recipe: TrainingRecipe<RolloutMethod<Keys>>, _ model: LanguageModel,
        _ warn: @escaping (String) -> Void
    ) throws {
        settings = recipe.settings
        (rollouts, method) = (recipe.method.rollout, recipe.method.own)
        self.model = model
        let data = try TrainingData(
            settings, PromptTokenizer(settings, rollouts, model), warn: warn)
        (prompts, validation) = (data.training, data.validation)
        order = StepOrder(
            try BatchPlan(
                lengths: prompts.map(\.tokens.count),
                configuration: BatchConfiguration(
                    batchSize: method.promptsPerRollout(settings), seed: settings.seed)))
        let reference = try ReferencePolicy(rollouts.reference, settings, model: model)
        let rewards = try RewardPanel(rollouts.specifications(), model: model)
        sampler = RolloutSampler(
            model: model, settings: rollouts, rewards: rewards,
            reference: method.beta > 0 ? reference : nil,
            budget: settings.maxTokensPerMicroBatch)
        let adapter = try model.attachTrainedAdapter(settings)
        memory = Kept(
            PolicyMemory(
                monitor: RewardMonitor(names: rewards.names, groupSize: method.numGenerations)))
        log = rollouts.logCompletions ? CompletionLog(folder: settings.outputDir) : nil
        agreement = SamplingAgreement(
            dtype: model.decoder.dtype, device: model.decoder.device)
        session = try TrainingSession(
            recipe, model: model, data: data.hashes,
            state: TrainingState(
                decoder: model.decoder,
                adapters: [TrainedAdapter(name: .default, configuration: adapter, head: nil)],
                settings: settings.optimizer, memory: memory.memory),
            warn: warn)
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome {
        try session.run(
            order.plan, stepsEach: stepsPerRollout, resuming: resuming, interruption: interruption,
            step: step, validate: validation.isEmpty ? nil : validate)
    }

    /// How often each reward fired, a line each.
    public var summary: [String] { memory.value.monitor.summary }

    private var stepsPerRollout: Int { method.stepsPerGeneration * method.numIterations }

    // MARK: The step

    /// Accumulates the gradients of one optimizer step.
    private func step(_ number: Int) throws -> StepReport {
        let rollout = number / stepsPerRollout
        if memory.value.rollout != rollout { try draw(rollout) }
        let part = number % stepsPerRollout % method.stepsPerGeneration
        let count = memory.value.groups.count
        let first = count * part / method.stepsPerGeneration
        let last = count * (part + 1) / method.stepsPerGeneration
        return try update(Array(memory.value.groups[first..<last]))
    }

    private func update(_ groups: [RolloutGroup]) throws -> StepReport {
        var totals = StepTotals(completions: 0, tokens: 0)
        for completion in groups.flatMap(\.completions) {
            totals.completions += 1
            totals.tokens += learnt(completion) ? completion.tokens.count : 0
        }
        var (loss, entropy, tokens, scored) = (0.0, 0.0, 0, 0)
        var statistics = PolicyStatistics()
        for batch in groups.microBatches(ofTokens: settings.maxTokensPerMicroBatch) {
            let scores = try model.scores(of: PackedBatch(groups: batch.map(\.tokens)))
            try compare(scores.logProbabilities, batch)
            let result = method.loss(
                policyTokens(scores.logProbabilities, batch),
                advantages: batch.flatMap(\.advantages), totals: totals,
                maxCompletionLength: rollouts.maxCompletionLength)
            result.loss.accumulateGradients()
            loss += Double(result.loss.item(Float.self))
            statistics.add(result.statistics)
            entropy += scores.entropies.sum(dtype: .float64).item(Double.self)
            scored += scores.entropies.count
            tokens += batch.reduce(0) { $0 + $1.tokenCount }
        }
        return report(
            groups, loss: loss, tokens: tokens, entropy: entropy / Double(max(scored, 1)),
            statistics)
    }

    private func learnt(_ completion: SampledCompletion) -> Bool {
        !(method.maskTruncatedCompletions && completion.isTruncated)
    }

    /// The tokens that teach: those of truncated completions may be left out.
    private func policyTokens(_ current: Tensor, _ batch: [RolloutGroup]) -> PolicyTokens {
        let completions = batch.flatMap(\.completions)
        var rows: [Int64] = []
        var start = 0
        for completion in completions {
            let end = start + completion.tokens.count
            if learnt(completion) { rows += (start..<end).map(Int64.init) }
            start = end
        }
        let taught = completions.filter(learnt)
        let device = current.device
        let all = rows.count == start
        return PolicyTokens(
            current: all ? current : current.indexSelect(0, Tensor(rows).to(device)),
            old: Tensor(taught.flatMap(\.logProbabilities)).to(device),
            reference: method.beta > 0
                ? Tensor(taught.flatMap(\.reference)).to(device) : nil,
            segments: TokenSegments(
                lengths: completions.map { learnt($0) ? $0.tokens.count : 0 }, device: device))
    }

    private func compare(_ current: Tensor, _ batch: [RolloutGroup]) throws {
        guard let agreement else { return }
        let sampled = batch.flatMap { $0.completions.flatMap(\.logProbabilities) }
        // A resumed run may stand between two updates, where the policy has moved on already.
        if session.state.optimizer.step == 0 {
            try agreement.check(sampled, current.detached().values(Float.self))
        }
        self.agreement = nil
    }

    private func report(
        _ groups: [RolloutGroup], loss: Double, tokens: Int, entropy: Double,
        _ statistics: PolicyStatistics
    ) -> StepReport {
        var values = memory.value.values
        values["entropy"] = entropy
        values["clip_ratio/low_mean"] = statistics.lowMean
        values["clip_ratio/low_min"] = statistics.lowMin
        values["clip_ratio/high_mean"] = statistics.highMean
        values["clip_ratio/high_max"] = statistics.highMax
        values["clip_ratio/region_mean"] = statistics.regionMean
        if let divergence = statistics.meanDivergence { values["kl"] = divergence }
        var alarms = memory.value.alarms
        memory.value.alarms = []
        alarms += memory.value.watch.alarms(
            length: values["completions/mean_length"] ?? 0,
            truncated: values["completions/clipped_ratio"] ?? 0, entropy: entropy,
            divergence: values["kl"])
        return StepReport(
            loss: loss, tokens: tokens, values: values, records: groups.map(\.id), alarms: alarms)
    }

    // MARK: Rollouts

    /// Draws and scores the rollout with this number.
    private func draw(_ number: Int) throws {
        let chosen = order.microBatches(ofStep: number).flatMap { $0 }.map { prompts[$0] }
        var rollout = try sample(chosen, number, round: 0)
        var advantages = method.advantages(rollout, weights: sampler.rewards.weights)
        var alarms = memory.value.monitor.record(rollout.scores).map { "\($0)" }
        // Groups that teach nothing are replaced by other prompts, a few times at most.
        for round in 1..<max(method.dynamicSamplingRounds + 1, 1) {
            let flat = advantages.hasZeroSpread.indices.filter { advantages.hasZeroSpread[$0] }
            if flat.isEmpty { break }
            let others = replacements(flat.count, number, round)
            let more = try sample(others, number, round: round)
            alarms += memory.value.monitor.record(more.scores).map { "\($0)" }
            rollout.replace(flat, by: more, groupSize: method.numGenerations)
            advantages = method.advantages(rollout, weights: sampler.rewards.weights)
        }
        for index in rollout.groups.indices {
            let start = index * method.numGenerations
            rollout.groups[index].advantages = Array(
                advantages.advantages[start..<(start + method.numGenerations)])
        }
        try log?.append(rollout, number: number)
        memory.value.rollout = number
        memory.value.groups = rollout.groups
        memory.value.values = rollout.metrics(advantages)
        memory.value.alarms += alarms
    }

    private func sample(
        _ prompts: [TokenizedPrompt], _ number: Int, round: Int
    ) throws -> Rollout {
        try sampler.sample(
            prompts, samples: method.numGenerations,
            seed: settings.seed.mixed(with: number).mixed(with: round))
    }

    /// Other prompts for groups that teach nothing, from a stream of the round's own, so that no
    /// state is needed to find them again.
    private func replacements(_ count: Int, _ number: Int, _ round: Int) -> [TokenizedPrompt] {
        var random = RandomStream(seed: settings.seed.mixed(with: number), key: UInt64(round))
        return (0..<count).map { _ in prompts[random.next(below: prompts.count)] }
    }

    /// Mean reward of the likeliest answers to held-out prompts.
    private func validate() throws -> Validation {
        var greedy = sampler
        greedy.temperature = 0
        greedy.reference = nil
        let rollout = try greedy.sample(validation, samples: 1, seed: settings.seed)
        let scores = rollout.scores
        let totals = scores.rows.compactMap { row -> Double? in
            let known = zip(row, scores.weights).compactMap { value, weight in
                value.map { $0 * weight }
            }
            return known.isEmpty ? nil : known.reduce(0, +)
        }
        let mean = totals.reduce(0, +) / Double(max(totals.count, 1))
        var values = ["reward": mean]
        for (name, column) in zip(scores.names, scores.columns) {
            let known = column.compactMap { $0 }
            values["rewards/\(name)/mean"] = known.reduce(0, +) / Double(max(known.count, 1))
        }
        return Validation(loss: -mean, values: values)
    }
}
