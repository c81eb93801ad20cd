import Datasets
import Foundation
import Generation
import Objectives
import Recipes
import Torch

/// Preference optimisation on pairs of answers: DPO and its variants, ORPO, SimPO.
public struct PreferenceTrainer: Trainer {
    private let recipe: PreferenceRecipe
    private let model: LanguageModel
    private let objective: PairObjective
    private let training: [TokenizedPair]
    private let validation: [TokenizedPair]
    private let reference: ReferenceScores
    private let order: StepOrder
    private let session: TrainingSession
    private let rewards: CheckpointedState<RunningMean>

    /// Reads and checks everything the run needs; nothing has been written yet.
    ///
    /// - Throws: ``DatasetError`` with every bad record, ``AdapterError``, ``BatchError`` ...
    public init(
        _ recipe: PreferenceRecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws {
        self.recipe = recipe
        self.model = model
        objective = try recipe.method.objective()
        let data = try TrainingData(
            recipe.settings, PairTokenizer(recipe.settings, model), warn: warn)
        (training, validation) = (data.training, data.validation)
        order = StepOrder(
            try BatchPlan(
                holding: training.map(\.sharedTokenCount),
                recipe.settings.batches(drawing: data.sampling)))
        let policy = try ReferencePolicy(recipe.method.reference, recipe.settings, model: model)
        let adapter = try model.attachTrainedAdapter(recipe.settings)
        reference = ReferenceScores(
            policy, model: model, budget: recipe.settings.maxTokensPerMicroBatch)
        let rewards = CheckpointedState(RunningMean())
        self.rewards = rewards
        session = try TrainingSession(
            recipe, model: model, data: data.hashes,
            state: TrainingState(
                decoder: model.decoder,
                adapters: [TrainedAdapter(name: .default, configuration: adapter, head: nil)],
                settings: recipe.settings.optimizer, memory: rewards.memory),
            warn: warn)
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome {
        try session.run(
            order.plan, resuming: resuming, interruption: interruption,
            prepare: { folder in
                if objective.needsReference, recipe.method.precomputeRefLogProbs {
                    try reference.precompute(
                        (training + validation).map(\.group), file: folder.referenceScores)
                }
            },
            step: { try step(order.microBatches(ofStep: $0).map { $0.map { training[$0] } }) },
            validate: validation.isEmpty ? nil : { try validate(validation) })
    }

    /// Accumulates the gradients of one optimizer step.
    private func step(_ microBatches: [[TokenizedPair]]) throws -> StepReport {
        let pairs = microBatches.flatMap { $0 }
        var sums = PairMetrics()
        for batch in microBatches {
            let loss = try evaluate(batch, of: pairs, into: &sums)
            loss.accumulateGradients()
        }
        let seen = objective.centersRewards ? sums.rewards : []
        return StepReport(
            loss: sums.loss, tokens: pairs.reduce(0) { $0 + $1.sharedTokenCount },
            values: sums.means, records: pairs.map(\.id),
            accept: { rewards.value.update(seen) }, alone: { try step([[pairs[$0]]]) })
    }

    private func validate(_ pairs: [TokenizedPair]) throws -> Validation {
        try withInference {
            var sums = PairMetrics()
            for batch in pairs.chunks(ofTokens: 4096, count: \.sharedTokenCount) {
                _ = try evaluate(batch, of: pairs, into: &sums)
            }
            return Validation(
                loss: sums.loss, values: sums.means, records: pairs.map(\.id),
                alone: { try validate([pairs[$0]]) })
        }
    }

    /// The share of a micro-batch in the loss of all pairs.
    private func evaluate(
        _ batch: [TokenizedPair], of all: [TokenizedPair], into metrics: inout PairMetrics
    ) throws -> Tensor {
        let sums = objective.needsReference ? try reference.sums(of: batch.map(\.group)) : []
        let scores = try model.scores(ofPairs: batch)
        let (loss, result) = objective(
            scores, reference: sums.map { PairSums(chosen: $0[0], rejected: $0[1]) },
            totals: (all.count, all.reduce(0) { $0 + $1.chosen.count }), weights: batch.weights,
            meanReward: rewards.value.mean)
        metrics.add(loss, result, scores)
        return loss
    }
}

extension LanguageModel {
    /// Token log-probabilities of pairs; the prompt that two answers share is computed once.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    func scores(ofPairs pairs: [TokenizedPair]) throws -> PairScores {
        let batch = PackedBatch(groups: pairs.map(\.group))
        return PairScores(
            tokens: try scores(of: batch).logProbabilities, lengths: batch.completionLengths)
    }
}

extension [TokenizedPair] {
    /// What each pair's loss is multiplied by; nil where no record says.
    fileprivate var weights: [Double]? {
        contains { $0.weight != nil } ? map { $0.weight ?? 1 } : nil
    }
}

extension TokenizedPair {
    var group: PromptGroup {
        PromptGroup(prompt: prompt, completions: [chosen, rejected], id: id, images: images)
    }
}

/// Sums over the pairs of a step, under TRL's names.
struct PairMetrics {
    private(set) var loss = 0.0
    private(set) var rewards: [Double] = []
    private var sums: [String: Double] = [:]
    private var pairs = 0

    mutating func add(_ loss: Tensor, _ result: PreferenceResult, _ scores: PairScores) {
        self.loss += Double(loss.item(Float.self))
        let chosen = result.chosenRewards.values(Double.self)
        let rejected = result.rejectedRewards.values(Double.self)
        rewards += chosen + rejected
        pairs += chosen.count
        let wins = zip(chosen, rejected).reduce(0.0) {
            $0 + ($1.0 > $1.1 ? 1 : $1.0 == $1.1 ? 0.5 : 0)
        }
        for (name, value) in [
            (MetricName.chosenReward, chosen.reduce(0, +)),
            (MetricName.rejectedReward, rejected.reduce(0, +)),
            (MetricName.rewardAccuracy, wins),
            (MetricName.rewardMargin, chosen.reduce(0, +) - rejected.reduce(0, +)),
            ("logps/chosen", scores.chosen.sums.detached().values(Double.self).reduce(0, +)),
            ("logps/rejected", scores.rejected.sums.detached().values(Double.self).reduce(0, +)),
        ] { sums[name, default: 0] += value }
    }

    var means: [String: Double] { sums.mapValues { $0 / Double(max(pairs, 1)) } }
}
