import Datasets
import Foundation
import Generation
import Objectives
import Randomness
import Recipes
import Rewards
import Torch

typealias PPOMemory = RolloutMemory<PPOEpisode>

/// Proximal policy optimisation from rewards (InstructGPT, arXiv:2203.02155): a policy, the frozen
/// reference, any rewards and a critic, all on one trunk.
///
/// A rollout is drawn, scored and valued once and then serves `num_ppo_epochs` passes of
/// `num_mini_batches` optimizer steps. It lies in every checkpoint.
public final class PPOTrainer: Trainer, RolloutTrainer {
    private let settings: TrainingSettings
    private let method: PPOSettings
    private let critic: Critic
    private let prompts: [TokenizedPrompt]
    private let log: CompletionLog?
    let model: LanguageModel
    let plan: RolloutPlan
    let memory: CheckpointedState<PPOMemory>
    let session: TrainingSession
    var sampler: RolloutSampler

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
        plan = try RolloutPlan(
            lengths: prompts.map(\.tokens.count), sampling: data.sampling,
            promptsPerStep: method.own.promptsPerStep(settings),
            stepsPerPass: method.own.numMiniBatches, passes: method.own.numPpoEpochs,
            seed: settings.seed)
        let reference = try ReferencePolicy(method.rollout.reference, settings, model: model)
        let rewards = try RewardPanel(method.rollout.specifications(), model: model)
        sampler = RolloutSampler(
            model: model, settings: method.rollout, rewards: rewards, reference: reference,
            budget: settings.maxTokensPerMicroBatch)
        let adapter = try model.attachTrainedAdapter(settings)
        critic = try Critic(method.own.valueModel, settings, model: model)
        memory = CheckpointedState(
            PPOMemory(
                RolloutStatistics(
                    monitor: RewardMonitor(
                        names: rewards.names, groupSize: method.own.numGenerations),
                    agreement: SamplingAgreement(device: model.decoder.device),
                    controller: method.own.controller)))
        log = method.rollout.logCompletions ? CompletionLog(settings.runFolder) : nil
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
            plan, resuming: resuming, interruption: interruption, step: step, validate: nil)
    }

    /// How often each reward fired, a line each.
    public var summary: [String] { memory.value.statistics.monitor.summary }

    // MARK: The step

    /// Each pass takes the episodes in another order.
    func items(at place: RolloutPlan.Place) -> [PPOEpisode] {
        var episodes = memory.value.items
        var random = RandomStream(
            seed: settings.seed.mixed(with: place.rollout), key: UInt64(place.pass) | 1 << 32)
        random.shuffle(&episodes)
        return plan.slice(place, of: episodes)
    }

    /// Accumulates the gradients of policy and critic.
    func update(_ episodes: [PPOEpisode], comparing: Bool) throws -> PPOSums {
        let total = episodes.reduce(0) { $0 + $1.values.count }
        var sums = PPOSums()
        let limit = settings.maxTokensPerMicroBatch
        for part in limit > 0 ? episodes.chunks(ofTokens: limit, count: \.tokenCount) : [episodes] {
            let groups = part.map(\.group)
            let batch = PackedBatch(groups: groups.map(\.tokens))
            let scores = try model.scores(of: batch, temperature: method.rollout.temperature)
            if comparing { sums.gap.add(groups, scores.logProbabilities) }
            let device = model.decoder.device
            func tokens(_ values: [Float]) -> Tensor { Tensor(values).to(device) }
            let policy = PPOPolicyLoss(clipRange: method.own.cliprange)(
                current: scores.logProbabilities,
                old: tokens(groups.flatMap { $0.completions.flatMap(\.logProbabilities) }),
                sampled: groups.isCorrected ? tokens(groups.sampled) : nil,
                advantages: tokens(part.flatMap(\.advantages)), normaliser: total)
            policy.loss.accumulateGradients()
            let value = PPOValueLoss(clipRange: method.own.cliprangeValue)(
                values: try critic.values(of: batch), old: tokens(part.flatMap(\.values)),
                returns: tokens(part.flatMap(\.returns)), normaliser: total)
            (value.loss * method.own.vfCoef).accumulateGradients()
            sums.add(policy, value, entropies: scores.entropies, tokens: batch.tokenCount)
        }
        return sums
    }

    func report(_ episodes: [PPOEpisode], _ sums: PPOSums) -> StepReport {
        report(
            episodes, loss: sums.policyLoss + method.own.vfCoef * sums.valueLoss,
            tokens: sums.tokensSeen, values: memory.value.values.merging(sums.values) { $1 },
            entropy: sums.meanEntropy, records: episodes.map(\.group.id))
    }

    // MARK: Rollouts

    func draw(_ number: Int) throws -> (Rollout, RolloutStatistics) {
        var statistics = memory.value.statistics
        var rollout = try sampler.sample(
            plan.prompts(ofRollout: number).map { prompts[$0] },
            samples: method.own.numGenerations, seed: settings.seed.mixed(with: number))
        if statistics.agreement.corrects {
            try sampler.recompute(&rollout.groups, promptsPerStep: plan.promptsPerStep)
        }
        statistics.record(rollout.scores)
        return (rollout, statistics)
    }

    /// Values and shapes a rollout.
    func settle(_ rollout: Rollout, _ number: Int, _ statistics: RolloutStatistics) throws {
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
        let episodes = rollout.groups.enumerated().map { index, group in
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
        try log?.write(logged, number: number)
        var proposed = statistics
        // From the weight that the rollout was shaped with, however often it is put to work.
        proposed.controller = memory.value.statistics.controller
        proposed.controller.update(
            divergence: shaped.reduce(0) { $0 + $1.divergence } / Double(max(shaped.count, 1)),
            episodes: shaped.count)
        memory.value.begin(
            number, episodes, values: metrics(rollout, shaped), proposed: proposed)
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
            estimator: method.own.klEstimator.estimator,
            missingEOSPenalty: method.own.missingEosPenalty)
        let completions = rollout.groups.flatMap(\.completions)
        return zip(completions, rollout.scores.rows).map { completion, row in
            let score = zip(row, rollout.scores.weights).reduce(0) { $0 + ($1.0 ?? 0) * $1.1 }
            return rewards(
                score: score, policy: completion.logProbabilities.map(Double.init),
                reference: completion.reference.map(Double.init),
                hasEndOfTurn: !completion.isTruncated,
                klCoefficient: memory.value.statistics.controller.coefficient)
        }
    }

    private func metrics(_ rollout: Rollout, _ shaped: [PPOCompletionReward]) -> [String: Double] {
        var values = rollout.curves
        let count = Double(max(shaped.count, 1))
        let tokens = Double(max(shaped.reduce(0) { $0 + $1.tokens.count }, 1))
        let divergence = shaped.reduce(0) { $0 + $1.divergence }
        values[MetricName.completionDivergence] = divergence / count
        values[MetricName.divergence] = divergence / tokens
        values[MetricName.score] = shaped.reduce(0) { $0 + $1.score } / count
        values["objective/rlhf_reward"] = shaped.reduce(0) { $0 + $1.tokens.reduce(0, +) } / count
        values["objective/kl_coef"] = memory.value.statistics.controller.coefficient
        let sampled = rollout.groups.flatMap { $0.completions.flatMap(\.logProbabilities) }
        values["objective/entropy"] = -sampled.reduce(0.0) { $0 + Double($1) } / count
        return values
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
