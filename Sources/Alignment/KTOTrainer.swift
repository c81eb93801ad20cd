import Datasets
import Foundation
import Generation
import Objectives
import Recipes
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
            beta: recipe.method.beta, desirableWeight: recipe.method.desirableWeight,
            undesirableWeight: recipe.method.undesirableWeight)
        let data = try TrainingData(
            recipe.settings, JudgementTokenizer(recipe.settings, model), warn: warn)
        (training, validation) = (data.training, data.validation)
        order = StepOrder(
            try BatchPlan(
                holding: training.map(\.tokenCount),
                recipe.settings.batches(drawing: data.sampling)))
        if training.count == 1, recipe.method.lossType == .kto {
            warn("there is one record only, so nothing to estimate the divergence with: it is 0")
        }
        policy = try ReferencePolicy(recipe.method.reference, recipe.settings, model: model)
        reference = ReferenceScores(
            policy, model: model, budget: recipe.settings.maxTokensPerMicroBatch)
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
            step: { number in
                let batches = order.microBatches(ofStep: number).map { $0.map { training[$0] } }
                let earlier = order.recordsBefore(step: number).lazy.map { training[$0] }
                return try step(batches, batches.joined().partners(elsewhere: earlier))
            },
            validate: validation.isEmpty
                ? nil : { try validate(validation, validation.partners(elsewhere: training)) })
    }

    /// Accumulates the gradients of one optimizer step.
    ///
    /// - Parameter partners: whose completions estimate the divergence; see `partners(elsewhere:)`.
    private func step(
        _ microBatches: [[TokenizedJudgement]], _ partners: [TokenizedJudgement]
    ) throws -> StepReport {
        let records = microBatches.flatMap { $0 }
        let divergence = try divergence(of: records, partners)
        var metrics = JudgementMetrics(divergence: divergence)
        for batch in microBatches {
            try evaluate(batch, of: records.count, divergence, into: &metrics).accumulateGradients()
        }
        // A partner from elsewhere may be at fault too.
        let involved = records.count == 1 ? records + partners : records
        return StepReport(
            loss: metrics.loss, tokens: records.reduce(0) { $0 + $1.tokenCount },
            values: metrics.values, records: involved.map(\.id),
            alone: { try step([[involved[$0]]], []) })
    }

    private func validate(
        _ records: [TokenizedJudgement], _ partners: [TokenizedJudgement]
    ) throws -> Validation {
        try withInference {
            let divergence = try divergence(of: records, partners)
            var metrics = JudgementMetrics(divergence: divergence)
            for batch in records.chunks(ofTokens: 4096, count: \.tokenCount) {
                _ = try evaluate(batch, of: records.count, divergence, into: &metrics)
            }
            return Validation(
                loss: metrics.loss, values: metrics.values, records: records.map(\.id),
                alone: { try validate([records[$0]], []) })
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

    /// The estimate z of a whole step: each prompt with the completion of the record's partner.
    private func divergence(
        of records: [TokenizedJudgement], _ partners: [TokenizedJudgement]
    ) throws -> Double {
        guard recipe.method.lossType == .kto else { return 0 }
        let groups = zip(records, partners).map { record, partner in
            PromptGroup(
                prompt: record.prompt, completions: [partner.completion], id: record.id,
                images: record.images)
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

extension Sequence<TokenizedJudgement> {
    /// The record before each, and before the first the last.
    ///
    /// A single record has none before it: its partner is the first elsewhere that answers another
    /// prompt, or where all are to its own, that differs. Empty where there is none.
    func partners(elsewhere others: some Sequence<TokenizedJudgement>) -> [TokenizedJudgement] {
        let records = Array(self)
        guard let only = records.first, records.count == 1 else {
            return records.suffix(1) + records.dropLast()
        }
        let partner =
            others.first { $0.prompt != only.prompt }
            ?? others.first { $0.completion != only.completion }
        return partner.map { [$0] } ?? []
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
        var result = [MetricName.divergence: divergence]
        for (name, sum) in sums {
            let side = name.split(separator: "/").last.map(String.init) ?? ""
            result[name] = sum / Double(max(counts[side] ?? 0, 1))
        }
        if let good = result[MetricName.chosenReward], let bad = result[MetricName.rejectedReward] {
            result[MetricName.rewardMargin] = good - bad
        }
        return result
    }
}
