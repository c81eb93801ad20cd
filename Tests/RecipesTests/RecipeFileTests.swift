import Foundation
import TestSupport
import Testing

@testable import Recipes

/// The recipes that stand in `Recipes` can be read, each by its method.
struct RecipeFileTests {
    private static let folder = TestFiles.fixtures.appending(path: "../../Recipes")
        .standardizedFileURL

    private func read<Method>(_: Method.Type, _ name: String) throws -> TrainingRecipe<Method> {
        try RecipeReader.read(
            TrainingRecipe<Method>.self, file: Self.folder.appending(path: "\(name).yaml"),
            overrides: [])
    }

    @Test func everyRecipeIsRead() throws {
        #expect(try read(SupervisedSettings.self, "pubmedqa-sft").settings.learningRate == 3e-4)
        #expect(try read(RewardModelSettings.self, "mirage-reward").settings.validationSplit == 0.1)
        #expect(try read(PreferenceSettings.self, "mirage-dpo").method.beta == 0.1)
        #expect(try read(KTOSettings.self, "mirage-kto").settings.perDeviceTrainBatchSize == 16)
        let grpo = try read(GRPOSettings.self, "grpo-healthcare").method
        #expect(try grpo.rollout.specifications().map(\.name).count == 5)
        #expect(grpo.own.lossType == .grpo && grpo.own.beta == 0.04)
        #expect(try read(GRPOSettings.self, "med-r1-text").method.own.numGenerations == 4)
        #expect(try read(GRPOSettings.self, "cases-grpo").method.rollout.maxCompletionLength == 96)
        #expect(try read(RLOOSettings.self, "cases-rloo").method.own.numGenerations == 4)
        #expect(try read(PPOSettings.self, "cases-ppo").method.own.numPpoEpochs == 2)
    }

    /// Written and read again, nested reward keys included, a recipe is the same.
    @Test func resolvedRecipesAreTheSame() throws {
        let recipe = try read(GRPOSettings.self, "grpo-healthcare")
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        try Data(RecipeReader.yaml(recipe).utf8).write(to: file)
        let again = try RecipeReader.read(GRPORecipe.self, file: file, overrides: [])
        #expect(again == recipe)
        #expect(try RecipeReader.fingerprint(again) == RecipeReader.fingerprint(recipe))
    }

    /// Prompts that ppo would hold out and never look at again.
    @Test func ppoRefusesValidation() {
        let error = #expect(throws: RecipeError.self) {
            try RecipeReader.read(
                PPORecipe.self, file: Self.folder.appending(path: "cases-ppo.yaml"),
                overrides: [("validation_split", "0.1")])
        }
        #expect(error?.key == "validation_split")
    }

    @Test(arguments: [
        ("num_generations", "3", "per_device_train_batch_size"), ("delta", "1.1", "delta"),
        ("temperature", "0", "temperature"), ("rewards", "[{type: nothing}]", "rewards"),
        ("rewards", "[{type: integer, wieght: 1}]", "rewards"), ("top_p", "2", "top_p"),
        ("top_p", "0.9", "top_p"), ("top_k", "50", "top_k"), ("min_p", "0.1", "min_p"),
        ("repetition_penalty", "1.1", "repetition_penalty"), ("temperature", "1e-9", "temperature"),
        ("lora_dropout", "0.1", "lora_dropout"), ("num_iterations", "0", "num_iterations"),
    ])
    func wrongValuesAreNamed(key: String, value: String, fault: String) throws {
        let error = #expect(throws: RecipeError.self) {
            try RecipeReader.read(
                GRPORecipe.self, file: Self.folder.appending(path: "cases-grpo.yaml"),
                overrides: [(key, value)])
        }
        #expect(error?.key == fault, "\(error?.description ?? "")")
    }
}
