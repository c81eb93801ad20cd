import Alignment
import ArgumentParser
import Generation
import Recipes

/// `preceptor sft`
struct SupervisedFineTune: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "Fine-tune a LoRA adapter on examples.", "SFT")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(
        _ recipe: SupervisedRecipe, _ model: LanguageModel
    ) throws -> any Trainer {
        try SupervisedTrainer(recipe, model: model, warn: Output.note)
    }
}
