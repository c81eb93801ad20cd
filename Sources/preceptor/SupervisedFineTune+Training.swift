import Alignment
import Foundation
import Generation
import Torch

extension SupervisedFineTune {
    /// Loads the model and trains; what `quickstart` calls too.
    static func train(
        _ recipe: SupervisedRecipe, device: Device, resume: Bool, _ interruption: Interruption
    ) throws -> TrainingOutcome {
        let model = try LanguageModel.load(
            ModelLocator.locate(recipe.model),
            dtype: (WeightType(rawValue: recipe.dtype) ?? .bf16).dtype, device: device)
        let trainer = try SupervisedTrainer(recipe, model: model, warn: Output.note)
        return try trainer.run(resuming: resume, interruption: interruption)
    }

    static func report(_ outcome: TrainingOutcome, _ recipe: SupervisedRecipe) {
        if outcome.interrupted {
            Output.note(
                "stopped after step \(outcome.steps); go on with --resume (\(recipe.outputDir))")
            return
        }
        let loss = outcome.finalLoss.map { String(format: ", loss %.4f", $0) } ?? ""
        let best =
            outcome.bestValidationLoss.map { String(format: ", best eval_loss %.4f", $0) } ?? ""
        let memory = String(format: "%.2f GB", Double(outcome.peakMemoryBytes) / 1e9)
        let speed = String(format: "%.0f tokens/s", outcome.tokensPerSecond)
        Output.note("\(outcome.steps) steps\(loss)\(best), \(speed), peak \(memory)")
        Output.print("\(recipe.outputDir)/adapter")
    }
}
