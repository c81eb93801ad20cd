import Checkpoints
import Datasets
import FileFormats
import Foundation
import Generation
import Models
import Objectives
import Optimizers
import Torch

/// Supervised fine-tuning of a low-rank adapter.
public struct SupervisedTrainer {
    private let recipe: SupervisedRecipe
    private let model: LanguageModel
    private let adapter: AdapterConfiguration
    private let training: [TokenizedExample]
    private let validation: [TokenizedExample]
    private let plan: BatchPlan
    private let hashes: (training: String, validation: String?)
    /// Told about what was left out or passed over.
    private let warn: (String) -> Void

    /// Reads and checks everything the run needs; nothing has been written yet.
    ///
    /// - Throws: ``DatasetError`` with every bad record, ``AdapterError``, ``BatchError`` ...
    public init(
        _ recipe: SupervisedRecipe, model: LanguageModel, warn: @escaping (String) -> Void
    ) throws {
        self.recipe = recipe
        self.model = model
        self.warn = warn
        let data = try SupervisedData(recipe, model: model, warn: warn)
        (training, validation, hashes) = (data.training, data.validation, data.hashes)
        plan = try BatchPlan(training, configuration: recipe.batches)
        adapter = try Self.attachAdapter(recipe, model)
        model.decoder.recomputesActivations = recipe.gradientCheckpointing
    }

    /// Trains, from the start or from the newest checkpoint that is sound.
    public func run(resuming: Bool, interruption: Interruption) throws -> TrainingOutcome {
        let folder = RunFolder(URL(filePath: recipe.outputDir))
        let total = stepCount
        guard total > 0 else { throw TrainingError.noSteps }
        try folder.open(resuming: resuming)
        try writeManifest(folder, resuming: resuming)

        let dropout = Generator(seed: recipe.seed, device: .cpu)
        let parameters = model.decoder.adapterModules().flatMap {
            [("\($0.path).lora_A", $0.a), ("\($0.path).lora_B", $0.b)]
        }
        let state = TrainingState(
            decoder: model.decoder, adapter: adapter,
            optimizer: AdamW(parameters, settings: recipe.optimizer),
            generators: ["dropout": dropout])
        let record = resuming ? resume(state, folder) : nil
        let perEpoch = max(1, plan.stepCount(epoch: 0))
        let loop = TrainingLoop(
            settings: recipe.loop(total: total, perEpoch: perEpoch),
            schedule: recipe.schedule(total: total), state: state, folder: folder,
            interruption: interruption)
        let order = StepOrder(plan)
        let outcome = try loop.run(
            from: record ?? TrainingState.Record(),
            epoch: { Double($0) / Double(perEpoch) },
            step: { number in
                try step(
                    order.microBatches(ofStep: number),
                    dropout: recipe.loraDropout > 0 ? dropout : nil)
            },
            validate: validation.isEmpty ? nil : { validationLoss() })
        if !outcome.interrupted { try saveResult(folder) }
        return outcome
    }

    /// Optimizer steps of the whole run.
    var stepCount: Int {
        if recipe.maxSteps > 0 { return recipe.maxSteps }
        let whole = Int(recipe.numTrainEpochs)
        let rest = recipe.numTrainEpochs - Double(whole)
        let last = rest > 0 ? (Double(plan.stepCount(epoch: whole)) * rest).rounded(.up) : 0
        return plan.stepCount(epochs: whole) + Int(last)
    }

    // MARK: The step

    /// Accumulates the gradients of one optimizer step.
    private func step(_ microBatches: [[Int]], dropout: Generator?) throws -> StepReport {
        let batches = microBatches.map { indices in PackedBatch(indices.map { training[$0] }) }
        let labels = batches.reduce(0) { $0 + $1.labelCount }
        model.decoder.adapters.dropoutGenerator = dropout
        defer { model.decoder.adapters.dropoutGenerator = nil }
        var sums = TokenSums()
        for batch in batches {
            let scores = model.scores(of: batch)
            let loss = recipe.lossType(scores.logProbabilities, normaliser: labels)
            loss.backward()
            sums.add(scores, loss)
        }
        return StepReport(
            loss: sums.loss, tokens: batches.reduce(0) { $0 + $1.tokenCount },
            values: sums.means(over: labels), records: batches.flatMap(\.exampleIDs))
    }

    /// Mean negative log-likelihood of the labelled tokens of the validation records.
    private func validationLoss() -> Double {
        withInference {
            var (sum, count) = (0.0, 0)
            for batch in validation.chunks(ofTokens: 4096) {
                let packed = PackedBatch(batch)
                sum -= Double(model.scores(of: packed).logProbabilities.sum().item(Float.self))
                count += packed.labelCount
            }
            return sum / Double(max(count, 1))
        }
    }

    // MARK: Files

    private static func attachAdapter(
        _ recipe: SupervisedRecipe, _ model: LanguageModel
    ) throws -> AdapterConfiguration {
        if !recipe.adapter.isEmpty {
            return try model.attachAdapter(URL(filePath: recipe.adapter))
        }
        var configuration = AdapterConfiguration(
            baseModel: recipe.model, rank: recipe.loraR, alpha: recipe.loraAlpha,
            dropout: recipe.loraDropout, rankStabilised: recipe.useRslora,
            targets: recipe.loraTargetModules)
        try model.decoder.attachAdapters(configuration, seed: recipe.seed)
        configuration.targets = model.decoder.adaptedNames()
        return configuration
    }

    private func writeManifest(_ folder: RunFolder, resuming: Bool) throws {
        let manifest = RunManifest(
            method: "sft", fingerprint: try RecipeReader.fingerprint(recipe), model: recipe.model,
            modelHash: try model.contentHash(), dataHash: hashes.training,
            validationHash: hashes.validation, libtorch: Runtime.libtorchVersion,
            device: model.decoder.device.description, threads: Runtime.threads)
        if resuming {
            let before = try RunManifest.read(folder.manifest)
            let differences = [
                ("recipe", before.fingerprint == manifest.fingerprint),
                ("model", before.modelHash == manifest.modelHash),
                ("training file", before.dataHash == manifest.dataHash),
                ("validation file", before.validationHash == manifest.validationHash),
            ]
            if let (what, _) = differences.first(where: { !$0.1 }) {
                throw TrainingError.resumedDifferently(run: folder.url.path, what: what)
            }
            if before != manifest {
                warn(
                    "the run began with another libtorch, device or number of threads: "
                        + "it goes on, but not bit for bit")
            }
            return
        }
        try AtomicFile.write(try RecipeReader.yaml(recipe), to: folder.recipe)
        try manifest.write(to: folder.manifest)
    }

    /// The newest sound checkpoint; a damaged one is told about and passed over.
    private func resume(_ state: TrainingState, _ folder: RunFolder) -> TrainingState.Record? {
        for step in folder.checkpointSteps {
            do throws(FormatError) {
                return try state.restore(from: folder.checkpoint(step))
            } catch {
                warn("checkpoint-\(step) is passed over: \(error)")
            }
        }
        warn("\(folder.url.path): no sound checkpoint; starting over")
        return nil
    }

    private func saveResult(_ folder: RunFolder) throws {
        try AtomicFolder.write(to: folder.adapter) { url in
            try AdapterFiles.write(adapter, model.decoder.adapterModules(), to: url)
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
        ["mean_token_accuracy": right / Double(labels), "entropy": entropy / Double(labels)]
    }
}

/// The records of each step, asked for in order; each epoch is planned once.
private final class StepOrder {
    private let plan: BatchPlan
    private var current: EpochPlan
    /// Steps before the epoch at work.
    private var before = 0

    init(_ plan: BatchPlan) {
        self.plan = plan
        current = plan.epoch(0)
    }

    func microBatches(ofStep number: Int) -> [[Int]] {
        while number >= before + current.steps.count {
            before += current.steps.count
            current = plan.epoch(current.epoch + 1)
        }
        return current.steps[number - before].microBatches
    }
}
