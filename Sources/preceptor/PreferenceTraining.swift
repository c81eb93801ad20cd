import Alignment
import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Generation
import Recipes

/// `preceptor dpo`
struct DirectPreference: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "Learn from pairs of answers: DPO and its variants, ORPO, SimPO.", "Preferences")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(
        _ recipe: PreferenceRecipe, _ model: LanguageModel
    ) throws -> any Trainer {
        try PreferenceTrainer(recipe, model: model, warn: Output.note)
    }
}

/// `preceptor kto`
struct KahnemanTversky: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "Learn from answers that are good or bad.", "Preferences")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(_ recipe: KTORecipe, _ model: LanguageModel) throws -> any Trainer {
        try KTOTrainer(recipe, model: model, warn: Output.note)
    }
}

/// `preceptor reward`
struct RewardModelTraining: TrainingCommand {
    static let configuration: CommandConfiguration = described(
        "Train a reward model on pairs of answers.", "Preferences")

    @OptionGroup var options: TrainingOptions

    @Argument(parsing: .allUnrecognized, help: "Keys of the recipe and their values.")
    var overrides: [String] = []

    static func trainer(
        _ recipe: RewardModelRecipe, _ model: LanguageModel
    ) throws -> any Trainer {
        try RewardModelTrainer(recipe, model: model, warn: Output.note)
    }

    /// Measures the model on the held-out pairs, beside chance and the longer answer.
    static func finish(_ trainer: any Trainer, _ settings: TrainingSettings) throws {
        guard let trainer = trainer as? RewardModelTrainer else { return }
        let pairs = try trainer.heldOut().map {
            ScoredPair(
                id: $0.pair.id, chosen: $0.chosen, rejected: $0.rejected,
                chosenTokens: $0.pair.chosen.count, rejectedTokens: $0.pair.rejected.count)
        }
        if pairs.isEmpty { return }
        let summary = RewardModelSummary(pairs, seed: settings.seed)
        try summary.write(pairs, to: URL(filePath: settings.outputDir))
        Output.print(summary.table())
    }
}
