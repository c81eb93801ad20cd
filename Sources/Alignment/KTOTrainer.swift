import Datasets
import Foundation
import Generation
import Objectives
import Torch

/// Kahneman-Tversky optimisation on answers that are good or bad.
public struct KTOTrainer: Trainer {
    private let recipe: KTORecipe
    private let model: LanguageModel
    private let loss: KTOLoss
    private let policy: ReferencePolicy
    private let reference: ReferenceScores
    private let training: [TokenizedJudgement]
    private let validation: [TokenizedJudgement]
    private let order: StepOrder
    private let session: TrainingSession

    /// Reads and checks everything the run needs; nothing has been written yet.
    ///
    /// - Throws: ``DatasetError`` with every bad record, ``AdapterError``, ``BatchError`` ...
    public init(
        _ recipe: KTORecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws {
        self.recipe = recipe
        self.model = model
        loss = KTOLoss(
            beta: recipe.beta, desirableWeight: recipe.desirableWeight,
            undesirableWeight: recipe.undesirableWeight)
        let data = try TrainingData(
            recipe.settings, JudgementTokenizer(recipe.settings, model), warn: warn)
        (training, validation) = (data.training, data.validation)
        order = StepOrder(
            try BatchPlan(holding: training.map(\.tokenCount), recipe.settings.batches()))
        policy = try ReferencePolicy(recipe.reference, recipe.settings, model: model)
        reference = ReferenceScores(policy, model: model, budget: recipe.maxTokensPerMicroBatch)
        let adapter = try model.attachTrainedAdapter(recipe.settings)
        session = try TrainingSession(
            recipe, model: model, data: data.hashes,
            state: TrainingState(
                decoder: model.decoder,
                adapters: [TrainedAdapter(name: .default, configuration: adapter, head: nil)],
                settings: recipe.settings.optimizer),
            warn: warn)
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome {
        try session.run(
            order.plan, resuming: resuming, interruption: interruption,
            step: { try step(order.microBatches(ofStep: $0).map { $0.map { training[$0] } }) },
            validate: validation.isEmpty ? nil : { try validate() })
    }

    /// Accumulates the gradients of one optimizer step.
    private func step(_ microBatches: [[TokenizedJudgement]]) throws -> StepReport {
        let records = microBatches.flatMap { $0 }
        let divergence = try divergence(of: records)
        var metrics = JudgementMetrics(divergence: divergence)
        for batch in microBatches {
            try evaluate(batch, of: records.count, divergence, into: &metrics).accumulateGradients()
        }
        return StepReport(
            loss: metrics.loss, tokens: records.reduce(0) { $0 + $1.tokenCount },
            values: metrics.values, records: records.map(\.id))
    }

    private func validate() throws -> Validation {
        try withInference {
            let divergence = try divergence(of: validation)
            var metrics = JudgementMetrics(divergence: divergence)
            for batch in validation.chunks(ofTokens: 4096, count: \.tokenCount) {
                _ = try evaluate(batch, of: validation.count, divergence, into: &metrics)
            }
            return Validation(loss: metrics.loss, values: metrics.values)
        }
    }

    private func evaluate(
        _ batch: [TokenizedJudgement], of count: Int, _ divergence: Double,
        into metrics: inout JudgementMetrics
    ) throws -> Tensor {
        let groups = batch.map(\.group)
        let before = try reference.sums(of: groups).map { Float($0[0]) }
        let current = try model.sums(of: groups)
        let result = loss(
            policy: current, reference: Tensor(before).to(current.device),
            isDesirable: batch.map(\.isDesirable),
            divergence: divergence, normaliser: count)
        metrics.add(result, batch.map(\.isDesirable), logps: current)
        return result.loss
    }

    /// The estimate z of a whole step: each prompt with the completion of the one before it.
    private func divergence(of records: [TokenizedJudgement]) throws -> Double {
        guard recipe.lossType == "kto", records.count > 1 else { return 0 }
        let groups = records.indices.map { index in
            let other = records[(index + records.count - 1) % records.count]
            return PromptGroup(
                prompt: records[index].prompt, completions: [other.completion],
                id: records[index].id, images: records[index].images)
        }
        var (current, reference) = ([Double](), [Double]())
        try withInference {
            for batch in groups.chunks(ofTokens: 4096, count: \.tokenCount) {
                current += try model.sums(of: batch).values(Double.self)
                reference += try policy.run(on: model) {
                    try model.sums(of: batch).values(Double.self)
                }
            }
        }
        return KTOLoss.divergence(policy: current, reference: reference)
    }
}

extension TokenizedJudgement {
    var group: PromptGroup {
        PromptGroup(prompt: prompt, completions: [completion], id: id, images: images)
    }
}

/// Sums over the records of a step, under TRL's names.
private struct JudgementMetrics {
    let divergence: Double
    private(set) var loss = 0.0
    private var sums: [String: Double] = [:]
    private var counts = ["chosen": 0, "rejected": 0]

    init(divergence: Double) { self.divergence = divergence }

    mutating func add(_ result: KTOResult, _ isDesirable: [Bool], logps: Tensor) {
        loss += Double(result.loss.item(Float.self))
        let rewards = result.rewards.values(Double.self)
        let logps = logps.detached().values(Double.self)
        for (index, isGood) in isDesirable.enumerated() {
            let side = isGood ? "chosen" : "rejected"
            counts[side, default: 0] += 1
            sums["rewards/\(side)", default: 0] += rewards[index]
            sums["logps/\(side)", default: 0] += logps[index]
        }
    }

    var values: [String: Double] {
        var result = ["kl": divergence]
        for (name, sum) in sums {
            let side = name.split(separator: "/").last.map(String.init) ?? ""
            result[name] = sum / Double(max(counts[side] ?? 0, 1))
        }
        if let good = result["rewards/chosen"], let bad = result["rewards/rejected"] {
            result["rewards/margins"] = good - bad
        }
        return result
    }
}
