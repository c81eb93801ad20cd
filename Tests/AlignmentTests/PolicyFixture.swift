import Foundation
import Models
import Recipes
import Torch

@testable import Alignment
@testable import Generation

/// Short runs of the methods that learn from their own answers, on a tiny model and six prompts.
extension MethodFixture {
    static func policy() throws -> MethodFixture {
        let fixture = try MethodFixture(.blind)
        try fixture.write(
            MethodRecords.lines(.prompts, withImages: false),
            to: MethodRecords.Purpose.prompts.rawValue)
        return fixture
    }

    private func recipe<Keys>(
        _ name: String, _ change: (inout TrainingRecipe<RolloutMethod<Keys>>) -> Void
    ) -> TrainingRecipe<RolloutMethod<Keys>> {
        var recipe = TrainingRecipe<RolloutMethod<Keys>>()
        shared(&recipe.settings, name, data: "prompts")
        recipe.settings.perDeviceTrainBatchSize = 2
        rollout(&recipe.method.rollout)
        change(&recipe)
        return recipe
    }

    /// Two answers to a prompt, one prompt a step.
    func grpo(_ name: String, _ change: (inout GRPORecipe) -> Void) throws -> PolicyTrainer {
        let recipe: GRPORecipe = recipe(name) {
            $0.method.own.numGenerations = 2
            change(&$0)
        }
        return try PolicyTrainer(recipe, model: model(recipe.settings.dtype)) { _ in }
    }

    func rloo(_ name: String, _ change: (inout RLOORecipe) -> Void) throws -> PolicyTrainer {
        let recipe: RLOORecipe = recipe(name, change)
        return try PolicyTrainer(recipe, model: model(recipe.settings.dtype)) { _ in }
    }

    /// One answer to a prompt, two prompts a rollout.
    func ppo(_ name: String, _ change: (inout PPORecipe) -> Void) throws -> PPOTrainer {
        let recipe: PPORecipe = recipe(name) {
            $0.method.own.numPpoEpochs = 1
            change(&$0)
        }
        return try PPOTrainer(recipe, model: model(recipe.settings.dtype)) { _ in }
    }
}

extension RolloutSampler {
    /// Changes the log-probabilities that sampling gives to the tokens that it draws.
    mutating func disturb(_ change: @escaping (Float) -> Float) {
        let plain = generate
        generate = { model, width, requests in
            try plain(model, width, requests).map { answers in
                answers.map { answer in
                    var answer = answer
                    answer.logProbabilities = answer.logProbabilities.map(change)
                    return answer
                }
            }
        }
    }
}
