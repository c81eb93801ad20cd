import Alignment
import Datasets
import Evaluation
import Foundation
import Generation
import Recipes

/// What one method adds to ``Train``.
protocol TrainedMethod {
    associatedtype Settings: MethodSettings

    static var abstract: String { get }
    /// The page of the documentation that explains its keys.
    static var page: String { get }

    /// Reads the data and puts what is trained on the model.
    static func trainer(
        _ recipe: TrainingRecipe<Settings>, _ model: LanguageModel
    ) throws -> any Trainer

    /// What is told and measured when a run has come to its end.
    static func finish(_ trainer: any Trainer, _ settings: TrainingSettings) throws
}

extension TrainedMethod {
    static func finish(_ trainer: any Trainer, _ settings: TrainingSettings) throws {
        for line in trainer.summary { Output.note(line) }
    }
}

enum SupervisedFineTuning: TrainedMethod {
    static let abstract = "Fine-tune a LoRA adapter on examples."
    static let page = "SFT"

    static func trainer(_ recipe: SupervisedRecipe, _ model: LanguageModel) throws -> any Trainer {
        try SupervisedTrainer(recipe, model: model, warn: Output.note)
    }
}

enum RewardModelling: TrainedMethod {
    static let abstract = "Train a reward model on pairs of answers."
    static let page = "Preferences"

    static func trainer(_ recipe: RewardModelRecipe, _ model: LanguageModel) throws -> any Trainer {
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

enum DirectPreferences: TrainedMethod {
    static let abstract = "Learn from pairs of answers: DPO and its variants, ORPO, SimPO."
    static let page = "Preferences"

    static func trainer(_ recipe: PreferenceRecipe, _ model: LanguageModel) throws -> any Trainer {
        try PreferenceTrainer(recipe, model: model, warn: Output.note)
    }
}

enum KahnemanTversky: TrainedMethod {
    static let abstract = "Learn from answers that are good or bad."
    static let page = "Preferences"

    static func trainer(_ recipe: KTORecipe, _ model: LanguageModel) throws -> any Trainer {
        try KTOTrainer(recipe, model: model, warn: Output.note)
    }
}

enum ProximalPolicy: TrainedMethod {
    static let abstract = "Learn from rewards with a critic and a frozen reference."
    static let page = "Rewards"

    static func trainer(_ recipe: PPORecipe, _ model: LanguageModel) throws -> any Trainer {
        try PPOTrainer(recipe, model: model, warn: Output.note)
    }
}

enum GroupRelativePolicy: TrainedMethod {
    static let abstract = "Learn from groups of own answers and their rewards."
    static let page = "Rewards"

    static func trainer(_ recipe: GRPORecipe, _ model: LanguageModel) throws -> any Trainer {
        try PolicyTrainer(recipe, model: model, warn: Output.note)
    }
}

enum LeaveOneOut: TrainedMethod {
    static let abstract = "As grpo, with the other answers' mean reward as the baseline."
    static let page = "Rewards"

    static func trainer(_ recipe: RLOORecipe, _ model: LanguageModel) throws -> any Trainer {
        try PolicyTrainer(recipe, model: model, warn: Output.note)
    }
}
