import Alignment
import ArgumentParser
import Foundation
import Generation

/// `preceptor sft`
struct SupervisedFineTune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sft",
        abstract: "Fine-tune a LoRA adapter on examples.",
        usage:
            "preceptor sft <recipe.yaml> [--resume] [--device D] [--threads N] [--<key> <value> ...]",
        discussion: """
            The recipe is a flat YAML file; every key may also stand on the command line, for \
            instance --learning_rate 1e-4. Documentation/SFT.md explains each key and curve. \
            Ctrl-C writes a checkpoint and ends; --resume goes on from there, bit by bit.
            """)

    @Argument(help: "The recipe, YAML.")
    var recipe: String

    @Flag(help: "Go on from the newest sound checkpoint of the run.")
    var resume = false

    @OptionGroup var engine: EngineOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    func run() throws {
        let recipe = try RecipeReader.read(
            SupervisedRecipe.self, file: URL(filePath: recipe), overrides: pairs())
        let device = try engine.start()
        let interruption = Interruption()
        interruption.watchSignals()
        let outcome = try Self.train(recipe, device: device, resume: resume, interruption)
        Self.report(outcome, recipe)
    }

    /// `--key value` and `--key=value`.
    private func pairs() throws -> [(key: String, value: String)] {
        var result: [(key: String, value: String)] = []
        var rest = overrides[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                throw ValidationError("unexpected argument '\(word)'")
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = parts.first,
                let value = parts.dropFirst().first ?? rest.popFirst()?[...]
            else { throw ValidationError("\(word) needs a value") }
            result.append((String(key), String(value)))
        }
        return result
    }
}
