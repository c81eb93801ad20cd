import Datasets
import Foundation
import Generation
import Objectives
import Recipes
import Torch

/// Supervised fine-tuning of a low-rank adapter.
public struct SupervisedTrainer: Trainer {
    private let recipe: SupervisedRecipe
    private let model: LanguageModel
    private let training: [TokenizedExample]
    private let validation: [TokenizedExample]
    private let order: StepOrder
    private let dropout: Generator
    private let session: TrainingSession

    /// Reads and checks everything the run needs; nothing has been written yet.
    ///
    /// - Throws: ``DatasetError`` with every bad record, ``AdapterError``, ``BatchError`` ...
    public init(
        _ recipe: SupervisedRecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws {
        self.recipe = recipe
        self.model = model
        let data = try TrainingData(
            recipe.settings, ExampleTokenizer(recipe.settings, model), warn: warn)
        (training, validation) = (data.training, data.validation)
        order = StepOrder(
            try BatchPlan(
                holding: training.map(\.tokenCount),
                recipe.batches(
                    drawing: recipe.method.balanceAnswers ? data.balancedSampling : data.sampling)))
        let adapter = try model.attachTrainedAdapter(recipe.settings)
        dropout = Generator(seed: recipe.settings.seed, device: .cpu)
        session = try TrainingSession(
            recipe, model: model, data: data.hashes,
            state: TrainingState(
                decoder: model.decoder,
                adapters: [TrainedAdapter(name: .default, configuration: adapter, head: nil)],
                settings: recipe.settings.optimizer, generators: ["dropout": dropout]),
            warn: warn)
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome {
        try session.run(
            order.plan, resuming: resuming, interruption: interruption,
            step: { try step($0, order.microBatches(ofStep: $0)) },
            validate: validation.isEmpty ? nil : { try validate(validation) })
    }

    /// Optimizer steps of the whole run.
    var stepCount: Int { order.plan.totalSteps(recipe.settings) }

    /// Accumulates the gradients of one optimizer step.
    private func step(_ number: Int, _ microBatches: [[Int]]) throws -> StepReport {
        let batches = microBatches.map { indices in PackedBatch(indices.map { training[$0] }) }
        let labels = batches.reduce(0) { $0 + $1.labelCount }
        model.decoder.adapters.dropoutGenerator = recipe.settings.loraDropout > 0 ? dropout : nil
        defer { model.decoder.adapters.dropoutGenerator = nil }
        model.vision?.augment(recipe.method.augmentation, seed: recipe.settings.seed, step: number)
        defer { model.vision?.augment(nil, seed: 0, step: 0) }
        var sums = TokenSums()
        for batch in batches {
            let scores = try model.scores(of: batch)
            let loss = recipe.method.lossType.objective(scores.logProbabilities, normaliser: labels)
            loss.accumulateGradients()
            sums.add(scores, loss)
        }
        let records = microBatches.flatMap { $0 }
        return StepReport(
            loss: sums.loss, tokens: batches.reduce(0) { $0 + $1.tokenCount },
            values: sums.means(over: labels), records: records.map { training[$0].id },
            alone: { try step(number, [[records[$0]]]) })
    }

    /// Mean negative log-likelihood of the labelled tokens of held-out records.
    private func validate(_ examples: [TokenizedExample]) throws -> Validation {
        try withInference {
            var (sum, count) = (0.0, 0)
            for batch in examples.chunks(ofTokens: 4096) {
                let packed = PackedBatch(batch)
                let scores = try model.scores(of: packed).logProbabilities
                sum -= Double(scores.sum().item(Float.self))
                count += packed.labelCount
            }
            return Validation(
                loss: sum / Double(max(count, 1)), records: examples.map(\.id),
                alone: { try validate([examples[$0]]) })
        }
    }
}

/// Sums over the labelled tokens of a step.
private struct TokenSums {
    private(set) var loss = 0.0
    private var right = 0.0
    private var entropy = 0.0

    mutating func add(_ scores: TokenScores, _ loss: Tensor) {
        self.loss += Double(loss.item(Float.self))
        right += Double(scores.isTop.sum().item(Float.self))
        entropy += Double(scores.entropies.sum().item(Float.self))
    }

    func means(over labels: Int) -> [String: Double] {
        [
            "mean_token_accuracy": right / Double(labels),
            MetricName.entropy: entropy / Double(labels),
        ]
    }
}
