import Foundation
import Recipes
import Testing

@testable import Alignment

/// Steps, rollouts and epochs: no step is empty, and no prompt is left out.
struct RolloutPlanTests {
    private func plan(
        _ prompts: Int, perStep: Int, steps: Int, passes: Int
    ) throws -> RolloutPlan {
        try RolloutPlan(
            lengths: Array(repeating: 1, count: prompts), promptsPerStep: perStep,
            stepsPerPass: steps, passes: passes, seed: 7)
    }

    /// Five prompts, two a step, rollouts of four: the second rollout has one prompt and one step
    /// a pass.
    @Test func byHand() throws {
        let plan = try plan(5, perStep: 2, steps: 2, passes: 2)
        #expect(plan.stepsPerEpoch == 6)
        let places = (0..<8).map { plan.place(ofStep: $0) }
        #expect(places.map(\.rollout) == [0, 0, 0, 0, 1, 1, 2, 2])
        #expect(places.map(\.pass) == [0, 0, 1, 1, 0, 1, 0, 0])
        #expect(places.map(\.part) == [0, 1, 0, 1, 0, 0, 0, 1])
        #expect(plan.slice(places[3], of: [1, 2, 3, 4]) == [3, 4])
        #expect(plan.slice(places[4], of: [5]) == [5])
    }

    /// In every epoch each prompt is met once in each pass, in steps of the same size but for the
    /// last of a pass over the last rollout.
    @Test func everyPromptOncePerPass() throws {
        for prompts in 1...13 {
            for (perStep, steps, passes) in [(1, 1, 1), (1, 4, 1), (2, 3, 2), (3, 2, 1), (5, 4, 3)]
            {
                let plan = try plan(prompts, perStep: perStep, steps: steps, passes: passes)
                for epoch in 0..<2 {
                    var met = [Int](repeating: 0, count: prompts)
                    for step in 0..<plan.stepsPerEpoch {
                        let place = plan.place(ofStep: epoch * plan.stepsPerEpoch + step)
                        let taken = plan.slice(
                            place, of: plan.prompts(ofRollout: place.rollout))
                        #expect((1...perStep).contains(taken.count))
                        for prompt in taken { met[prompt] += 1 }
                    }
                    #expect(met == Array(repeating: passes, count: prompts))
                }
                // The last small step is the only one that is not full.
                let full = (prompts + perStep - 1) / perStep * passes
                #expect(plan.stepsPerEpoch == full)
            }
        }
    }

    /// Epochs of 6 steps: rollouts of four and two steps.
    @Test(arguments: [
        (1.0, -1, 6), (2, -1, 12), (0.5, -1, 4), (0.51, -1, 6), (1.5, -1, 10), (1, 3, 3),
    ])
    func totalSteps(epochs: Double, most: Int, expected: Int) throws {
        var settings = TrainingSettings()
        settings.numTrainEpochs = epochs
        settings.maxSteps = most
        let plan = try plan(5, perStep: 2, steps: 2, passes: 2)
        #expect(plan.totalSteps(settings) == expected)
    }
}
