import Checkpoints
import Datasets
import FileFormats
import Foundation
import Generation
import Layers
import Models
import Recipes
import Torch

/// Hashes of the files a run reads.
struct DataHashes {
    let training: String
    let validation: String?
    /// Of all images that the records name, one hash; nil without any.
    let images: String?
}

/// What every run does around its method's steps: its folder and manifest, resumption, the loop,
/// the result.
struct TrainingSession {
    let settings: TrainingSettings
    let state: TrainingState
    private let folder: RunFolder
    private let recipe: String
    private let manifest: RunManifest
    /// Keys of the recipe that are not as the folder's has them.
    private let changedKeys: () -> [String]
    private let warn: (String) -> Void

    init<Method>(
        _ recipe: TrainingRecipe<Method>, model: LanguageModel, data: DataHashes,
        state: TrainingState, warn: @escaping (String) -> Void
    ) throws {
        settings = recipe.settings
        self.state = state
        self.warn = warn
        model.decoder.recomputesActivations = recipe.settings.gradientCheckpointing
        let folder = recipe.settings.runFolder
        self.folder = folder
        self.recipe = try RecipeReader.yaml(recipe)
        manifest = try RunManifest(recipe, model: model, data: data)
        changedKeys = { RecipeReader.changedKeys(of: recipe, since: folder.recipe) }
    }

    /// Trains, from the start or from the newest checkpoint that is sound, and writes the result.
    ///
    /// - Parameters:
    ///   - plan: how many steps it takes.
    ///   - prepare: what is computed once the folder is open and before the first step.
    func run(
        _ plan: some PlannedSteps, resuming: Resumption, interruption: Interruption,
        prepare: (RunFolder) throws -> Void = { _ in },
        step: (Int) throws -> StepReport, validate: (() throws -> Validation)?
    ) throws -> TrainingOutcome {
        let total = plan.totalSteps(settings)
        let perEpoch = max(1, plan.stepsPerEpoch)
        guard total > 0 else { throw TrainingError.noSteps }
        try folder.open(resuming: resuming != .begins)
        let record = resuming == .begins ? try begin() : try goOn(resuming)
        try prepare(folder)
        let loop = TrainingLoop(
            settings: settings.loop(total: total, perEpoch: perEpoch),
            schedule: settings.schedule(total: total), state: state, folder: folder,
            interruption: interruption)
        let outcome = try loop.run(
            from: record ?? TrainingState.Record(),
            epoch: { Double($0) / Double(perEpoch) }, step: step, validate: validate)
        guard !outcome.interrupted else { return outcome }
        if settings.loadBestModelAtEnd, let best = outcome.bestStep, best < outcome.steps {
            _ = try state.restore(from: folder.checkpoint(best))
        }
        try saveResult()
        return outcome
    }

    private func begin() throws -> TrainingState.Record? {
        try AtomicFile.write(recipe, to: folder.recipe)
        try manifest.write(to: folder.manifest)
        return nil
    }

    /// Compares what the run depends on with its beginning, and restores the newest checkpoint.
    private func goOn(_ resuming: Resumption) throws -> TrainingState.Record? {
        let before = try RunManifest.read(folder.manifest)
        guard before.method == manifest.method else {
            throw TrainingError.otherMethod(run: folder.url.path, method: before.method)
        }
        let differences = before.differences(to: manifest)
        let changed = differences.changed.map { $0 == "recipe" ? namedRecipe() : $0 }
        guard changed.isEmpty || resuming == .acceptsChanges else {
            throw TrainingError.resumedDifferently(run: folder.url.path, what: changed)
        }
        warn(of: differences, changed)
        let record = resume()
        if !changed.isEmpty, record == nil, !folder.checkpointSteps.isEmpty {
            throw TrainingError.noCheckpointFits(run: folder.url.path)
        }
        if resuming == .acceptsChanges {
            try accept(before, differences, changed, step: record?.step ?? 0)
        }
        return record
    }

    private func namedRecipe() -> String {
        let keys = changedKeys()
        return keys.isEmpty ? "recipe" : "recipe (\(keys.joined(separator: ", ")))"
    }

    private func warn(of differences: RunManifest.Differences, _ changed: [String]) {
        if !changed.isEmpty {
            warn("the run goes on although these have changed: \(changed.joined(separator: ", "))")
        }
        if !differences.unknown.isEmpty {
            warn(
                "\(folder.manifest.lastPathComponent) is an earlier version's and does not say "
                    + "with which \(differences.unknown.joined(separator: ", ")) the run began: that is "
                    + "not compared")
        }
        if !differences.conditions.isEmpty {
            warn(
                "the run began under other conditions: "
                    + "\(differences.conditions.joined(separator: ", ")); it goes on, but not bit "
                    + "for bit")
        }
    }

    /// Makes what is there now what the run depends on; what was before is kept beside it.
    private func accept(
        _ before: RunManifest, _ differences: RunManifest.Differences, _ changed: [String],
        step: Int
    ) throws {
        guard !changed.isEmpty || !differences.unknown.isEmpty else { return }
        // What a reference said that may be another now is computed again.
        if !changed.isEmpty, FileManager.default.fileExists(atPath: folder.referenceScores.path) {
            try FileManager.default.removeItem(at: folder.referenceScores)
        }
        try AtomicFile.write(recipe, to: folder.recipe)
        let names = changed + differences.unknown.map { "\($0), not known before" }
        try before.goingOn(with: manifest, changed: names, step: step).write(to: folder.manifest)
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
            let result =
                adapter.name == .default
                ? folder.adapter : folder.url.appending(path: adapter.name.rawValue)
            try AtomicFolder.write(to: result) { url in
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
