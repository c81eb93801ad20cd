import Checkpoints
import Datasets
import Foundation
import Generation
import Models
import Objectives
import Recipes
import Torch

/// Trains a score head and an adapter so that preferred answers score higher (Bradley-Terry).
public struct RewardModelTrainer: Trainer {
    private let recipe: RewardModelRecipe
    private let model: RewardModel
    private let loss: RewardModelLoss
    private let training: [TokenizedPair]
    private let validation: [TokenizedPair]
    private let order: StepOrder
    private let dropout: Generator
    private let session: TrainingSession

    /// Reads and checks everything the run needs; nothing has been written yet.
    ///
    /// - Throws: ``DatasetError`` with every bad record, ``AdapterError``, ``BatchError`` ...
    public init(
        _ recipe: RewardModelRecipe, model language: LanguageModel,
        warn: @escaping (String) -> Void
    ) throws {
        self.recipe = recipe
        loss = RewardModelLoss(centeringCoefficient: recipe.method.centerRewardsCoefficient)
        let data = try TrainingData(
            recipe.settings, PairTokenizer(recipe.settings, language), warn: warn)
        (training, validation) = (data.training, data.validation)
        order = StepOrder(
            try BatchPlan(
                holding: training.map(\.sharedTokenCount),
                recipe.settings.batches(drawing: data.sampling)))
        var adapter = try language.attachTrainedAdapter(recipe.settings)
        adapter.taskType = .sequenceClassification
        let head = ScoreHead(
            size: language.decoder.configuration.hiddenSize,
            generator: Generator(seed: recipe.settings.seed.mixed(with: 1)),
            device: language.decoder.device)
        model = RewardModel(language, name: .default, head: head)
        dropout = Generator(seed: recipe.settings.seed, device: .cpu)
        session = try TrainingSession(
            recipe, model: language, data: data.hashes,
            state: TrainingState(
                decoder: language.decoder,
                adapters: [TrainedAdapter(name: .default, configuration: adapter, head: head)],
                settings: recipe.settings.optimizer, generators: ["dropout": dropout]),
            warn: warn)
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome {
        try session.run(
            order.plan, resuming: resuming, interruption: interruption,
            step: { try step(order.microBatches(ofStep: $0).map { $0.map { training[$0] } }) },
            validate: validation.isEmpty ? nil : { try validate(validation) })
    }

    /// Accumulates the gradients of one optimizer step.
    private func step(_ microBatches: [[TokenizedPair]]) throws -> StepReport {
        let adapters = model.model.decoder.adapters
        adapters.dropoutGenerator = recipe.settings.loraDropout > 0 ? dropout : nil
        defer { adapters.dropoutGenerator = nil }
        let pairs = microBatches.flatMap { $0 }
        var metrics = ScoreMetrics()
        for batch in microBatches {
            try evaluate(batch, of: pairs.count, into: &metrics).accumulateGradients()
        }
        return StepReport(
            loss: metrics.loss, tokens: pairs.reduce(0) { $0 + $1.sharedTokenCount },
            values: metrics.values, records: pairs.map(\.id),
            alone: { try step([[pairs[$0]]]) })
    }

    private func validate(_ pairs: [TokenizedPair]) throws -> Validation {
        try withInference {
            var metrics = ScoreMetrics()
            for batch in pairs.chunks(ofTokens: 4096, count: \.sharedTokenCount) {
                _ = try evaluate(batch, of: pairs.count, into: &metrics)
            }
            return Validation(
                loss: metrics.loss, values: metrics.values, records: pairs.map(\.id),
                alone: { try validate([pairs[$0]]) })
        }
    }

    private func evaluate(
        _ batch: [TokenizedPair], of count: Int, into metrics: inout ScoreMetrics
    ) throws -> Tensor {
        let scores = try model.scores(ofCompletions: PackedBatch(groups: batch.map(\.group)))
        func side(_ offset: Int) -> Tensor {
            let rows = batch.indices.map { Int64(2 * $0 + offset) }
            return scores.indexSelect(0, Tensor(rows).to(scores.device))
        }
        // A record that says nothing has no margin, whichever records stand beside it.
        let margins = Tensor(batch.map { Float($0.margin ?? 0) }).to(scores.device)
        let result = loss(
            chosen: side(0), rejected: side(1), margin: margins, normaliser: count)
        metrics.add(result)
        return result.loss
    }
}

/// Sums over the pairs of a step, under TRL's names.
private struct ScoreMetrics {
    private(set) var loss = 0.0
    private var chosen: [Double] = []
    private var rejected: [Double] = []

    mutating func add(_ result: PreferenceResult) {
        loss += Double(result.loss.item(Float.self))
        chosen += result.chosenRewards.values(Double.self)
        rejected += result.rejectedRewards.values(Double.self)
    }

    var values: [String: Double] {
        let all = chosen + rejected
        let count = Double(max(chosen.count, 1))
        let margins = zip(chosen, rejected).map { $0 - $1 }
        return [
            MetricName.accuracy: margins.reduce(0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) }
                / count,
            MetricName.margin: margins.reduce(0, +) / count,
            "mean_reward": all.reduce(0, +) / Double(max(all.count, 1)),
            "min_reward": all.min() ?? 0, "max_reward": all.max() ?? 0,
        ]
    }
}

extension RewardModelTrainer {
    /// The held-out pairs as the model scores them now: id, scores, tokens of the answers.
    ///
    /// - Throws: ``ScoringError`` when an image can no longer be read, or a score is not finite.
    public func heldOut()
        throws(ScoringError) -> [(pair: TokenizedPair, chosen: Double, rejected: Double)]
    {
        let scores = try model.scores(of: validation.flatMap(\.examples))
        return validation.enumerated().map { ($1, scores[2 * $0], scores[2 * $0 + 1]) }
    }
}
