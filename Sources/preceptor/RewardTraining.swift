import Alignment
import ArgumentParser
import Generation
import Recipes

/// `preceptor grpo`
struct GroupRelativePolicy: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "Learn from groups of own answers and their rewards.", "Rewards")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(_ recipe: GRPORecipe, _ model: LanguageModel) throws -> any Trainer {
        try PolicyTrainer(recipe, model: model, warn: Output.note)
    }
}

/// `preceptor rloo`
struct LeaveOneOut: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "As grpo, with the other answers' mean reward as the baseline.", "Rewards")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(_ recipe: RLOORecipe, _ model: LanguageModel) throws -> any Trainer {
        try PolicyTrainer(recipe, model: model, warn: Output.note)
    }
}

/// `preceptor ppo`
struct ProximalPolicy: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "Learn from rewards with a critic and a frozen reference.", "Rewards")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(_ recipe: PPORecipe, _ model: LanguageModel) throws -> any Trainer {
        try PPOTrainer(recipe, model: model, warn: Output.note)
    }
}
