import Checkpoints
import Datasets
import FileFormats
import Foundation
import Generation
import Layers
import Models
import Torch

/// Hashes of the files a run reads.
struct DataHashes {
    let training: String
    let validation: String?
}

/// What every run does around its method's steps: its folder and manifest, resumption, the loop,
/// the result.
struct TrainingSession {
    let settings: TrainingSettings
    let state: TrainingState
    private let folder: RunFolder
    private let recipe: String
    private let manifest: RunManifest
    private let warn: (String) -> Void

    init<Method>(
        _ recipe: TrainingRecipe<Method>, model: LanguageModel, data: DataHashes,
        state: TrainingState, warn: @escaping (String) -> Void
    ) throws {
        settings = recipe.settings
        self.state = state
        self.warn = warn
        model.decoder.recomputesActivations = recipe.gradientCheckpointing
        folder = RunFolder(URL(filePath: recipe.outputDir))
        self.recipe = try RecipeReader.yaml(recipe)
        manifest = RunManifest(
            method: Method.method, fingerprint: try RecipeReader.fingerprint(recipe),
            model: recipe.model, modelHash: try model.contentHash(), dataHash: data.training,
            validationHash: data.validation, libtorch: Runtime.libtorchVersion,
            device: model.decoder.device.description, threads: Runtime.threads)
    }

    /// Trains, from the start or from the newest checkpoint that is sound, and writes the result.
    ///
    /// - Parameters:
    ///   - plan: how many steps it takes.
    ///   - prepare: what is computed once the folder is open and before the first step.
    func run(
        _ plan: some PlannedSteps, resuming: Bool, interruption: Interruption,
        prepare: (RunFolder) throws -> Void = { _ in },
        step: (Int) throws -> StepReport, validate: (() throws -> Validation)?
    ) throws -> TrainingOutcome {
        let total = plan.totalSteps(settings)
        let perEpoch = max(1, plan.stepsPerEpoch)
        guard total > 0 else { throw TrainingError.noSteps }
        try folder.open(resuming: resuming)
        try writeManifest(resuming: resuming)
        try prepare(folder)
        let record = resuming ? resume() : nil
        let loop = TrainingLoop(
            settings: settings.loop(total: total, perEpoch: perEpoch),
            schedule: settings.schedule(total: total), state: state, folder: folder,
            interruption: interruption)
        let outcome = try loop.run(
            from: record ?? TrainingState.Record(),
            epoch: { Double($0) / Double(perEpoch) }, step: step, validate: validate)
        if !outcome.interrupted { try saveResult() }
        return outcome
    }

    private func writeManifest(resuming: Bool) throws {
        guard resuming else {
            try AtomicFile.write(recipe, to: folder.recipe)
            return try manifest.write(to: folder.manifest)
        }
        let before = try RunManifest.read(folder.manifest)
        let differences = [
            ("method", before.method == manifest.method),
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
    }

    /// The newest sound checkpoint; a damaged one is told about and passed over.
    private func resume() -> TrainingState.Record? {
        for step in folder.checkpointSteps {
            do {
                return try state.restore(from: folder.checkpoint(step))
            } catch {
                warn("checkpoint-\(step) is passed over: \(error)")
            }
        }
        warn("\(folder.url.path): no sound checkpoint; starting over")
        return nil
    }

    /// `adapter/`, and a folder for each other adapter by its name.
    private func saveResult() throws {
        for adapter in state.adapters {
            let name = adapter.name == .default ? "adapter" : adapter.name.rawValue
            try AtomicFolder.write(to: folder.url.appending(path: name)) { url in
                try adapter.write(state.decoder, to: url)
            }
        }
    }
}

extension LanguageModel {
    /// Puts the adapter that a recipe asks for on the model: the one to go on from, or a new one.
    func attachTrainedAdapter(
        _ settings: TrainingSettings, name: AdapterName = .default
    ) throws -> AdapterConfiguration {
        if !settings.adapter.isEmpty, name == .default {
            let folder = URL(filePath: settings.adapter)
            return try attachAdapter(folder)
        }
        var configuration = AdapterConfiguration(
            baseModel: settings.model, rank: settings.loraR, alpha: settings.loraAlpha,
            dropout: settings.loraDropout, rankStabilised: settings.useRslora,
            targets: settings.loraTargetModules,
            targetPattern: settings.loraTargetPattern.isEmpty ? nil : settings.loraTargetPattern,
            savedModules: settings.modulesToSave)
        try decoder.attachAdapters(configuration, seed: settings.seed, name: name)
        if configuration.targetPattern == nil {
            configuration.targets = decoder.adaptedNames(name)
        }
        return configuration
    }
}
