import Alignment
import ArgumentParser
import Foundation
import Generation
import Recipes
import Torch

/// A subcommand that trains by one method.
protocol TrainingCommand: ParsableCommand {
    associatedtype Method: MethodSettings

    var options: TrainingOptions { get }
    /// Keys of the recipe and their values; only a command's own argument can take them all.
    var overrides: [String] { get }

    /// Reads the data and puts what is trained on the model.
    static func trainer(
        _ recipe: TrainingRecipe<Method>, _ model: LanguageModel
    ) throws -> any Trainer

    /// What is told and measured when a run has come to its end.
    static func finish(_ trainer: any Trainer, _ settings: TrainingSettings) throws
}

extension TrainingCommand {
    static func finish(_ trainer: any Trainer, _ settings: TrainingSettings) throws {
        for line in trainer.summary { Output.note(line) }
    }

    /// The parts of the help that all have in common.
    static func described(_ abstract: String, _ page: String) -> CommandConfiguration {
        CommandConfiguration(
            commandName: Method.method.subcommand, abstract: abstract,
            usage: """
                preceptor \(Method.method.subcommand) <recipe.yaml> [--resume [--accept-changed]] \
                [--device D] [--threads N] [--<key> <value> ...]
                """,
            discussion: """
                The recipe is a flat YAML file; every key may also stand on the command line, for \
                instance --learning_rate 1e-4. Documentation/\(page).md explains each key and \
                curve. Ctrl-C writes a checkpoint and ends; --resume goes on from there, bit by \
                bit, unless something that the run depends on has changed.
                """)
    }

    func run() throws {
        let recipe = try RecipeReader.read(
            TrainingRecipe<Method>.self, file: URL(filePath: options.recipe),
            overrides: RecipeOverrides.pairs(overrides))
        let device = try options.engine.start()
        let interruption = Interruption()
        interruption.watchSignals()
        let outcome = try Self.train(
            recipe, device: device, resuming: options.resumption, interruption)
        Self.report(outcome, recipe.settings)
    }

    /// Loads the model and trains; what `quickstart` calls too.
    static func train(
        _ recipe: TrainingRecipe<Method>, device: Device, resuming: Resumption,
        _ interruption: Interruption
    ) throws -> TrainingOutcome {
        let model = try LanguageModel.load(
            ModelLocator.locate(recipe.settings.model),
            dtype: recipe.settings.dtype.dtype, device: device,
            maxPixels: recipe.settings.maxPixels > 0 ? recipe.settings.maxPixels : nil)
        let trainer = try trainer(recipe, model)
        let outcome = try trainer.run(resuming: resuming, interruption: interruption)
        if !outcome.interrupted { try finish(trainer, recipe.settings) }
        return outcome
    }

    static func report(_ outcome: TrainingOutcome, _ settings: TrainingSettings) {
        for (alarm, count) in outcome.alarms.sorted(by: { $0.key < $1.key }) {
            Output.note("warning: \(alarm)" + (count > 1 ? " (\(count) times)" : ""))
        }
        if outcome.interrupted {
            Output.note(
                "stopped after step \(outcome.steps); go on with --resume (\(settings.outputDir))")
            return
        }
        let loss = outcome.finalLoss.map { String(format: ", loss %.4f", $0) } ?? ""
        let best =
            outcome.bestValidationLoss.map { String(format: ", best eval_loss %.4f", $0) } ?? ""
        let memory = String(format: "%.2f GB", Double(outcome.peakMemoryBytes) / 1e9)
        let speed = String(format: "%.0f tokens/s", outcome.tokensPerSecond)
        Output.note("\(outcome.steps) steps\(loss)\(best), \(speed), peak \(memory)")
        let run = RunFolder(URL(filePath: settings.outputDir))
        Output.print("\(settings.outputDir)/\(run.adapter.lastPathComponent)")
    }
}
