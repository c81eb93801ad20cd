import Alignment
import ArgumentParser
import Foundation
import Generation

/// `preceptor sft`
struct SupervisedFineTune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sft",
        abstract: "Fine-tune a LoRA adapter on examples.",
        usage: "preceptor sft <recipe.yaml> [--resume] [--device D] [--threads N] [--<key> <value> ...]",
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

    private func pairs() throws -> [(key: String, value: String)] {
        guard overrides.count % 2 == 0 else {
            throw ValidationError("every --key needs a value: \(overrides.joined(separator: " "))")
        }
        return try stride(from: 0, to: overrides.count, by: 2).map { place in
            guard overrides[place].hasPrefix("--") else {
                throw ValidationError("unexpected argument '\(overrides[place])'")
            }
            return (String(overrides[place].dropFirst(2)), overrides[place + 1])
        }
    }
}
