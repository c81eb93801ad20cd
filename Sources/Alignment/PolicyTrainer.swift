import Datasets
import Foundation
import Generation
import Objectives
import Randomness
import Recipes
import Rewards
import Torch

typealias PolicyMemory = RolloutMemory<RolloutGroup>

/// Learning from groups of own answers and their rewards: GRPO and RLOO.
///
/// A rollout is drawn and scored once and then serves `steps_per_generation` times
/// `num_iterations` optimizer steps. It lies in every checkpoint, so a run that was killed within
/// it goes on within it.
public final class PolicyTrainer: Trainer, RolloutTrainer {
    private let settings: TrainingSettings
    private let rollouts: RolloutSettings
    private let method: any PolicyMethod
    private let prompts: [TokenizedPrompt]
    private let validation: [TokenizedPrompt]
    private let log: CompletionLog?
    let model: LanguageModel
    let plan: RolloutPlan
    let memory: CheckpointedState<PolicyMemory>
    let session: TrainingSession
    var sampler: RolloutSampler

    public convenience init(
        _ recipe: GRPORecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws { try self.init(any: recipe, model, warn) }

    public convenience init(
        _ recipe: RLOORecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws { try self.init(any: recipe, model, warn) }

    /// Reads and checks everything the run needs; nothing has been written yet.
    private init<Keys: PolicyMethod>(
        any recipe: TrainingRecipe<RolloutMethod<Keys>>, _ model: LanguageModel,
        _ warn: @escaping (String) -> Void
    ) throws {
        settings = recipe.settings
        (rollouts, method) = (recipe.method.rollout, recipe.method.own)
        self.model = model
        let data = try TrainingData(
            settings, PromptTokenizer(settings, rollouts, model), warn: warn)
        (prompts, validation) = (data.training, data.validation)
        plan = try RolloutPlan(
            lengths: prompts.map(\.tokens.count), sampling: data.sampling,
            promptsPerStep: method.promptsPerStep(settings),
            stepsPerPass: method.stepsPerGeneration, passes: method.numIterations,
            seed: settings.seed)
        let reference = try ReferencePolicy(rollouts.reference, settings, model: model)
        let rewards = try RewardPanel(rollouts.specifications(), model: model)
        sampler = RolloutSampler(
            model: model, settings: rollouts, rewards: rewards,
            reference: method.beta > 0 ? reference : nil,
            budget: settings.maxTokensPerMicroBatch)
        let adapter = try model.attachTrainedAdapter(settings)
        memory = CheckpointedState(
            PolicyMemory(
                RolloutStatistics(
                    monitor: RewardMonitor(
                        names: rewards.names, groupSize: method.numGenerations),
                    agreement: SamplingAgreement(device: model.decoder.device))))
        log = rollouts.logCompletions ? CompletionLog(settings.runFolder) : nil
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
            plan, resuming: resuming, interruption: interruption, step: step,
            validate: validation.isEmpty ? nil : validate)
    }

    /// How often each reward fired, a line each.
    public var summary: [String] { memory.value.statistics.monitor.summary }

    // MARK: The step

    func items(at place: RolloutPlan.Place) -> [RolloutGroup] {
        plan.slice(place, of: memory.value.items)
    }

    func update(_ groups: [RolloutGroup], comparing: Bool) throws -> PolicySums {
        var totals = StepTotals(completions: 0, tokens: 0)
        for completion in groups.flatMap(\.completions) {
            totals.completions += 1
            totals.tokens += learnt(completion) ? completion.tokens.count : 0
        }
        var sums = PolicySums()
        for batch in groups.microBatches(ofTokens: settings.maxTokensPerMicroBatch) {
            let scores = try model.scores(
                of: PackedBatch(groups: batch.map(\.tokens)), temperature: rollouts.temperature)
            if comparing { sums.gap.add(batch, scores.logProbabilities) }
            let result = method.loss(
                policyTokens(scores.logProbabilities, batch),
                advantages: batch.flatMap(\.advantages), totals: totals,
                maxCompletionLength: rollouts.maxCompletionLength)
            // Gradients of nothing are zeros, by which momentum and decay would move the weights.
            if batch.flatMap(\.completions).contains(where: learnt) {
                result.loss.accumulateGradients()
            }
            sums.add(result, entropies: scores.entropies)
            sums.tokens += batch.reduce(0) { $0 + $1.tokenCount }
        }
        return sums
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
        func tokens(_ values: [Float]) -> Tensor { Tensor(values).to(device) }
        let all = rows.count == start
        return PolicyTokens(
            current: all ? current : current.indexSelect(0, Tensor(rows).to(device)),
            old: tokens(taught.flatMap(\.logProbabilities)),
            sampled: batch.isCorrected ? tokens(taught.flatMap(\.sampled)) : nil,
            reference: method.beta > 0 ? tokens(taught.flatMap(\.reference)) : nil,
            segments: TokenSegments(
                lengths: completions.map { learnt($0) ? $0.tokens.count : 0 }, device: device))
    }

    func report(_ groups: [RolloutGroup], _ sums: PolicySums) -> StepReport {
        report(
            groups, loss: sums.loss, tokens: sums.tokens,
            values: memory.value.values.merging(sums.values) { $1 }, entropy: sums.meanEntropy,
            records: groups.map(\.id))
    }

    // MARK: Rollouts

    func draw(_ number: Int) throws -> (Rollout, RolloutStatistics) {
        var statistics = memory.value.statistics
        var tried = plan.prompts(ofRollout: number)
        var rollout = try sample(tried, number, round: 0, &statistics)
        // Groups that teach nothing are replaced by other prompts, a few times at most.
        for round in 1..<max(method.dynamicSamplingRounds + 1, 1) {
            let spread = advantages(rollout).hasZeroSpread
            let flat = spread.indices.filter { spread[$0] }
            let others = untried(tried, flat.count, number, round)
            if others.isEmpty { break }
            tried += others
            let more = try sample(others, number, round: round, &statistics)
            rollout.replace(
                Array(flat.prefix(others.count)), by: more, groupSize: method.numGenerations)
        }
        return (rollout, statistics)
    }

    func settle(_ rollout: Rollout, _ number: Int, _ statistics: RolloutStatistics) throws {
        var rollout = rollout
        let advantages = advantages(rollout)
        for index in rollout.groups.indices {
            let start = index * method.numGenerations
            rollout.groups[index].advantages = Array(
                advantages.advantages[start..<(start + method.numGenerations)])
        }
        try log?.write(rollout, number: number)
        memory.value.begin(
            number, rollout.groups, values: rollout.metrics(advantages), proposed: statistics)
    }

    private func advantages(_ rollout: Rollout) -> AdvantageBatch {
        method.advantages(rollout, weights: sampler.rewards.weights)
    }

    private func sample(
        _ places: [Int], _ number: Int, round: Int, _ statistics: inout RolloutStatistics
    ) throws -> Rollout {
        var rollout = try sampler.sample(
            places.map { prompts[$0] }, samples: method.numGenerations,
            seed: settings.seed.mixed(with: number).mixed(with: round))
        if statistics.agreement.corrects {
            try sampler.recompute(&rollout.groups, promptsPerStep: plan.promptsPerStep)
        }
        statistics.record(rollout.scores)
        return rollout
    }

    /// Prompts that the rollout has not met, at most `count`, from a stream of the round's own, so
    /// that no state is needed to find them again.
    private func untried(_ tried: [Int], _ count: Int, _ number: Int, _ round: Int) -> [Int] {
        let known = Set(tried)
        var others = prompts.indices.filter { !known.contains($0) }
        var random = RandomStream(seed: settings.seed.mixed(with: number), key: UInt64(round))
        random.shuffle(&others)
        return Array(others.prefix(count))
    }

    /// Mean reward of the likeliest answers to held-out prompts.
    private func validate() throws -> Validation {
        var greedy = sampler
        greedy.isGreedy = true
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
        var values = [MetricName.reward: mean]
        for (name, column) in zip(scores.names, scores.columns) {
            let known = column.compactMap { $0 }
            values["rewards/\(name)/mean"] = known.reduce(0, +) / Double(max(known.count, 1))
        }
        return Validation(loss: -mean, values: values)
    }
}

/// Sums over the micro-batches of a step.
struct PolicySums: RolloutSums {
    private(set) var loss = 0.0
    /// Tokens that went through the model.
    var tokens = 0
    var gap = LogProbabilityGap()
    private var entropy = 0.0
    private var scored = 0
    private var statistics = PolicyStatistics()

    mutating func add(_ result: PolicyResult, entropies: Tensor) {
        loss += Double(result.loss.item(Float.self))
        statistics.add(result.statistics)
        entropy += entropies.sum(dtype: .float64).item(Double.self)
        scored += entropies.count
    }

    var meanEntropy: Double { entropy / Double(max(scored, 1)) }

    /// Its curves; the divergence only where it is part of the loss.
    var values: [String: Double] {
        var values = [
            MetricName.entropy: meanEntropy, "clip_ratio/low_mean": statistics.lowMean,
            "clip_ratio/high_mean": statistics.highMean,
            "clip_ratio/region_mean": statistics.regionMean,
        ]
        values["clip_ratio/low_min"] = statistics.lowMin
        values["clip_ratio/high_max"] = statistics.highMax
        values[MetricName.divergence] = statistics.meanDivergence
        return values
    }
}
