import Alignment
import ArgumentParser
import Foundation
import Generation
import Recipes
import enum Torch.Device

/// The subcommand that trains by one method: `preceptor sft` and its like.
struct Train<Method: TrainedMethod>: ParsableCommand {
    typealias Recipe = TrainingRecipe<Method.Settings>

    static var configuration: CommandConfiguration {
        let name = Method.Settings.method.subcommand
        return CommandConfiguration(
            commandName: name, abstract: Method.abstract,
            usage: """
                preceptor \(name) [<recipe.yaml>] [--resume [--accept-changed]] [--device D] \
                [--threads N] [--<key> <value> ...]
                """,
            discussion: """
                The recipe is a flat YAML file; every key may also stand on the command line, for \
                instance --learning_rate 1e-4, and all of them there make a recipe of their own. \
                Documentation/\(Method.page).md explains each key and curve. Ctrl-C writes a \
                checkpoint and ends; --resume goes on from there, bit by bit, unless something \
                that the run depends on has changed.
                """)
    }

    @Flag(help: "Go on from the newest sound checkpoint of the run.")
    var resume = false

    @Flag(help: "With --resume: go on although what the run depends on has changed; tells what.")
    var acceptChanged = false

    @OptionGroup var engine: EngineOptions

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "The recipe, YAML, and keys with values that go before its own.",
            valueName: "recipe and keys"))
    var words: [String] = []

    func validate() throws {
        if acceptChanged, !resume { throw ValidationError("--accept-changed needs --resume") }
        if words.isEmpty { throw ValidationError("give a recipe, or keys such as --train_file") }
    }

    func run() throws {
        let words = try RecipeWords(words)
        let recipe = try RecipeReader.read(
            Recipe.self, file: words.file.map { URL(filePath: $0) }, overrides: words.pairs)
        let device = try engine.start()
        let interruption = Interruption()
        interruption.watchSignals()
        let outcome = try Self.train(
            recipe, device: device,
            resuming: resume ? acceptChanged ? .acceptsChanges : .goesOn : .begins, interruption)
        Self.report(outcome, recipe.settings)
    }

    /// Loads the model and trains; what `quickstart` calls too.
    static func train(
        _ recipe: Recipe, device: Device, resuming: Resumption,
        _ interruption: Interruption
    ) throws -> TrainingOutcome {
        let model = try LanguageModel.load(
            ModelLocator.locate(recipe.settings.model),
            dtype: recipe.settings.dtype.dtype, device: device,
            maxPixels: recipe.settings.maxPixels > 0 ? recipe.settings.maxPixels : nil)
        let trainer = try Method.trainer(recipe, model)
        let outcome = try trainer.run(resuming: resuming, interruption: interruption)
        if !outcome.interrupted { try Method.finish(trainer, recipe.settings) }
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
