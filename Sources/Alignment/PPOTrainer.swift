import Datasets
import Foundation
import Generation
import Objectives
import Randomness
import Rewards
import Torch

/// Proximal policy optimisation from rewards (InstructGPT, arXiv:2203.02155): a policy, the frozen
/// reference, any rewards and a critic, all on one trunk.
///
/// A rollout is drawn, scored and valued once and then serves `num_ppo_epochs` passes of
/// `num_mini_batches` optimizer steps. It lies in every checkpoint.
public final class PPOTrainer: Trainer {
    private let settings: TrainingSettings
    private let method: PPOSettings
    private let model: LanguageModel
    private let critic: Critic
    private let sampler: RolloutSampler
    private let prompts: [TokenizedPrompt]
    private let order: StepOrder
    private let memory: Kept<PPOMemory>
    private let session: TrainingSession
    private let log: CompletionLog?
    /// Compares sampling with training once a process.
    private var agreement: SamplingAgreement?

    /// Reads and checks everything the run needs; nothing has been written yet.
    public init(
        _ recipe: PPORecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws {
        settings = recipe.settings
        method = recipe.method
        self.model = model
        let data = try TrainingData(
            settings, PromptTokenizer(settings, method.rollout, model), warn: warn)
        prompts = data.training
        order = StepOrder(
            try BatchPlan(
                lengths: prompts.map(\.tokens.count),
                configuration: BatchConfiguration(
                    batchSize: settings.perDeviceTrainBatchSize
                        * settings.gradientAccumulationSteps / method.own.numGenerations,
                    seed: settings.seed)))
        let reference = try ReferencePolicy(method.rollout.reference, settings, model: model)
        let rewards = try RewardPanel(method.rollout.specifications(), model: model)
        sampler = RolloutSampler(
            model: model, settings: method.rollout, rewards: rewards, reference: reference,
            budget: settings.maxTokensPerMicroBatch)
        let adapter = try model.attachTrainedAdapter(settings)
        critic = try Critic(method.own.valueModel, settings, model: model)
        memory = Kept(
            PPOMemory(
                controller: method.own.controller,
                monitor: RewardMonitor(
                    names: rewards.names, groupSize: method.own.numGenerations)))
        log = method.rollout.logCompletions ? CompletionLog(folder: settings.outputDir) : nil
        agreement = SamplingAgreement(
            dtype: model.decoder.dtype, device: model.decoder.device)
        session = try TrainingSession(
            recipe, model: model, data: data.hashes,
            state: TrainingState(
                decoder: model.decoder,
                adapters: [
                    TrainedAdapter(name: .default, configuration: adapter, head: nil),
                    critic.trained,
                ], settings: settings.optimizer, memory: memory.memory),
            warn: warn)
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome {
        try session.run(
            order.plan, stepsEach: stepsPerRollout, resuming: resuming, interruption: interruption,
            step: step, validate: nil)
    }

    /// How often each reward fired, a line each.
    public var summary: [String] { memory.value.monitor.summary }

    private var stepsPerRollout: Int { method.own.numPpoEpochs * method.own.numMiniBatches }

    // MARK: The step

    /// Accumulates the gradients of one optimizer step, of policy and critic.
    private func step(_ number: Int) throws -> StepReport {
        let rollout = number / stepsPerRollout
        if memory.value.rollout != rollout { try draw(rollout) }
        let pass = number % stepsPerRollout / method.own.numMiniBatches
        var places = Array(memory.value.episodes.indices)
        var random = RandomStream(
            seed: settings.seed.mixed(with: rollout), key: UInt64(pass) | 1 << 32)
        random.shuffle(&places)
        let part = number % method.own.numMiniBatches
        let first = places.count * part / method.own.numMiniBatches
        let last = places.count * (part + 1) / method.own.numMiniBatches
        return try update(places[first..<last].map { memory.value.episodes[$0] })
    }

    private func update(_ episodes: [PPOEpisode]) throws -> StepReport {
        let total = episodes.reduce(0) { $0 + $1.values.count }
        var sums = PPOSums()
        let limit = settings.maxTokensPerMicroBatch
        for part in limit > 0 ? episodes.chunks(ofTokens: limit, count: \.tokenCount) : [episodes] {
            let batch = PackedBatch(groups: part.map(\.group.tokens))
            let scores = try model.scores(of: batch)
            let old = part.flatMap { $0.group.completions.flatMap(\.logProbabilities) }
            try compare(old, scores.logProbabilities)
            let device = model.decoder.device
            let policy = PPOPolicyLoss(clipRange: method.own.cliprange)(
                current: scores.logProbabilities, old: Tensor(old).to(device),
                advantages: Tensor(part.flatMap(\.advantages)).to(device), normaliser: total)
            policy.loss.accumulateGradients()
            let value = PPOValueLoss(clipRange: method.own.cliprangeValue)(
                values: try critic.values(of: batch),
                old: Tensor(part.flatMap(\.values)).to(device),
                returns: Tensor(part.flatMap(\.returns)).to(device), normaliser: total)
            (value.loss * method.own.vfCoef).accumulateGradients()
            sums.add(policy, value, entropies: scores.entropies, tokens: batch.tokenCount)
        }
        return report(episodes, sums)
    }

    private func compare(_ sampled: [Float], _ current: Tensor) throws {
        if let agreement, session.state.optimizer.step == 0 {
            try agreement.check(sampled, current.detached().values(Float.self))
        }
        agreement = nil
    }

    private func report(_ episodes: [PPOEpisode], _ sums: PPOSums) -> StepReport {
        let values = memory.value.values.merging(sums.values) { $1 }
        var alarms = memory.value.alarms
        memory.value.alarms = []
        alarms += memory.value.watch.alarms(
            length: values["completions/mean_length"] ?? 0,
            truncated: values["completions/clipped_ratio"] ?? 0,
            entropy: values["policy/entropy_avg"] ?? 0, divergence: values["kl"])
        return StepReport(
            loss: sums.policyLoss + method.own.vfCoef * sums.valueLoss, tokens: sums.tokensSeen,
            values: values, records: episodes.map(\.group.id), alarms: alarms)
    }

    // MARK: Rollouts

    /// Draws, scores and values the rollout with this number.
    private func draw(_ number: Int) throws {
        let chosen = order.microBatches(ofStep: number).flatMap { $0 }.map { prompts[$0] }
        let rollout = try sampler.sample(
            chosen, samples: method.own.numGenerations, seed: settings.seed.mixed(with: number))
        let values = try values(of: rollout.groups)
        let shaped = shape(rollout)
        var rewards = shaped.map(\.tokens)
        if method.own.whitenRewards {
            rewards = whitened(rewards.flatMap { $0 }, shiftsMean: false).cut(like: rewards)
        }
        let estimator = GeneralizedAdvantages(gamma: method.own.gamma, lambda: method.own.lam)
        let estimates = zip(rewards, values).map {
            estimator(rewards: $0, values: $1.map(Double.init))
        }
        let advantages = whitened(estimates.flatMap(\.advantages))
            .cut(like: estimates.map(\.advantages))
        let count = method.own.numGenerations
        memory.value.episodes = rollout.groups.enumerated().map { index, group in
            let own = (index * count)..<((index + 1) * count)
            return PPOEpisode(
                group: group, values: values[own].flatMap { $0 },
                advantages: advantages[own].flatMap { $0.map(Float.init) },
                returns: estimates[own].flatMap { $0.returns.map(Float.init) })
        }
        var logged = rollout
        for index in logged.groups.indices {
            let own = (index * count)..<((index + 1) * count)
            logged.groups[index].advantages = advantages[own].map { $0.reduce(0, +) }
        }
        try log?.append(logged, number: number)
        memory.value.rollout = number
        memory.value.values = metrics(rollout, shaped)
        memory.value.alarms += memory.value.monitor.record(rollout.scores).map { "\($0)" }
        let divergence = shaped.reduce(0) { $0 + $1.divergence } / Double(max(shaped.count, 1))
        memory.value.controller.update(divergence: divergence, episodes: shaped.count)
    }

    /// The critic's values of every token, a list for each completion.
    private func values(of groups: [RolloutGroup]) throws -> [[Float]] {
        try withInference {
            try groups.microBatches(ofTokens: settings.maxTokensPerMicroBatch).flatMap { part in
                let batch = PackedBatch(groups: part.map(\.tokens))
                return try critic.values(of: batch).values(Float.self).cut(batch.completionLengths)
            }
        }
    }

    /// Rewards a token: the divergence everywhere, the score at the last. A completion that no
    /// reward applies to scores 0.
    private func shape(_ rollout: Rollout) -> [PPOCompletionReward] {
        let rewards = PPORewards(
            estimator: method.own.klEstimator, missingEOSPenalty: method.own.missingEosPenalty)
        let completions = rollout.groups.flatMap(\.completions)
        return zip(completions, rollout.scores.rows).map { completion, row in
            let score = zip(row, rollout.scores.weights).reduce(0) { $0 + ($1.0 ?? 0) * $1.1 }
            return rewards(
                score: score, policy: completion.logProbabilities.map(Double.init),
                reference: completion.reference.map(Double.init),
                hasEndOfTurn: !completion.isTruncated,
                klCoefficient: memory.value.controller.coefficient)
        }
    }

    private func metrics(_ rollout: Rollout, _ shaped: [PPOCompletionReward]) -> [String: Double] {
        var values = rollout.curves
        let count = Double(max(shaped.count, 1))
        let tokens = Double(max(shaped.reduce(0) { $0 + $1.tokens.count }, 1))
        let divergence = shaped.reduce(0) { $0 + $1.divergence }
        values["objective/kl"] = divergence / count
        values["kl"] = divergence / tokens
        values["objective/scores"] = shaped.reduce(0) { $0 + $1.score } / count
        values["objective/rlhf_reward"] = shaped.reduce(0) { $0 + $1.tokens.reduce(0, +) } / count
        values["objective/kl_coef"] = memory.value.controller.coefficient
        let sampled = rollout.groups.flatMap { $0.completions.flatMap(\.logProbabilities) }
        values["objective/entropy"] = -sampled.reduce(0.0) { $0 + Double($1) } / count
        return values
    }
}

/// Sums over the micro-batches of a step.
private struct PPOSums {
    private(set) var policyLoss = 0.0
    private(set) var valueLoss = 0.0
    private(set) var tokensSeen = 0
    private var tokens = 0
    private var clipped = 0
    private var valuesClipped = 0
    private var divergence = 0.0
    private var ratios = 0.0
    private var entropy = 0.0

    mutating func add(
        _ policy: PPOPolicyResult, _ value: PPOValueResult, entropies: Tensor, tokens seen: Int
    ) {
        policyLoss += Double(policy.loss.item(Float.self))
        valueLoss += Double(value.loss.item(Float.self))
        tokensSeen += seen
        tokens += policy.tokens
        clipped += policy.clipped
        valuesClipped += value.clipped
        divergence += policy.divergenceSum
        ratios += policy.ratioSum
        entropy += entropies.sum(dtype: .float64).item(Double.self)
    }

    var values: [String: Double] {
        let count = Double(max(tokens, 1))
        return [
            "loss/policy_avg": policyLoss, "loss/value_avg": valueLoss,
            "policy/approxkl_avg": divergence / count,
            "policy/clipfrac_avg": Double(clipped) / count,
            "policy/entropy_avg": entropy / count, "val/ratio": ratios / count,
            "val/clipfrac_avg": Double(valuesClipped) / count,
        ]
    }
}

extension Array {
    /// Cut into pieces of these lengths.
    fileprivate func cut(_ lengths: [Int]) -> [[Element]] {
        var start = 0
        return lengths.map { length in
            defer { start += length }
            return Array(self[start..<(start + length)])
        }
    }

    /// Cut into pieces as long as those of another list.
    fileprivate func cut(like pieces: [[Element]]) -> [[Element]] { cut(pieces.map(\.count)) }
}
