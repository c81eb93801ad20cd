import Foundation
import Recipes
import TestSupport
import Testing
import Torch
import Tracking

@testable import Alignment

/// Runs that end when held-out records say so.
struct EarlyStoppingTests {
    private let fixture: LoopFixture

    init() throws { fixture = try LoopFixture() }

    private func run(
        _ loop: TrainingLoop, from record: TrainingState.Record = TrainingState.Record(),
        losses: [Double]
    ) throws -> TrainingOutcome {
        var rest = losses[...]
        return try loop.run(
            from: record, epoch: { Double($0) }, step: { _ in fixture.report(1, gradient: 1) },
            validate: { Validation(loss: rest.popFirst() ?? 0) })
    }

    /// 5, 3, then 4 and 4.5 are no better: two in a row end a run of patience 2 after four steps.
    @Test func stopsAfterItsPatience() throws {
        try fixture.withFolder { folder in
            let outcome = try run(
                fixture.loop(folder, 9, patience: 2), losses: [5, 3, 4, 4.5, 1])
            #expect(outcome.steps == 4 && !outcome.interrupted)
            #expect(outcome.bestStep == 2 && outcome.bestValidationLoss == 3)
            #expect(RunFolder(folder).checkpointSteps == [4, 2])
        }
        // A better one in between begins the count anew.
        try fixture.withFolder { folder in
            let outcome = try run(
                fixture.loop(folder, 9, patience: 2), losses: [5, 6, 4, 6, 3, 7, 8])
            #expect(outcome.steps == 7 && outcome.bestStep == 5)
        }
        try fixture.withFolder { folder in
            let outcome = try run(fixture.loop(folder, 5), losses: [1, 2, 3, 4, 5])
            #expect(outcome.steps == 5)
        }
    }

    /// The count goes on where a checkpoint left it; a run that has stopped stays stopped.
    @Test func resumedRunsGoOnCounting() throws {
        try fixture.withFolder { folder in
            var record = TrainingState.Record()
            (record.step, record.bestLoss, record.bestStep) = (3, 3, 2)
            record.validationsSinceBest = 1
            let outcome = try run(
                fixture.loop(folder, 9, patience: 2), from: record, losses: [4])
            #expect(outcome.steps == 4 && outcome.bestStep == 2)
            record.validationsSinceBest = 2
            let again = try run(fixture.loop(folder, 9, patience: 2), from: record, losses: [])
            #expect(again.steps == 3 && !again.interrupted)
        }
    }

    /// The result is that of the best step, not of the last.
    @Test(.enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
    func theBestIsTheResult() throws {
        let fixture = try TrainingFixture()
        var recipe = fixture.recipe()
        // A rate that learns by heart what is trained on: held-out records get worse.
        (recipe.settings.maxSteps, recipe.settings.learningRate) = (12, 2e-2)
        (recipe.settings.validationSplit, recipe.settings.evalSteps) = (0.3, 1)
        (recipe.settings.earlyStoppingPatience, recipe.settings.loadBestModelAtEnd) = (3, true)
        let run = try fixture.train(recipe)
        let best = try #require(run.outcome.bestStep)
        #expect(best < run.outcome.steps)
        let kept = run.folder.checkpoint(best).appending(path: "adapter_model.safetensors")
        #expect(try run.weights == Data(contentsOf: kept))
        let last = run.folder.checkpoint(run.outcome.steps)
            .appending(path: "adapter_model.safetensors")
        #expect(try run.weights != Data(contentsOf: last))
    }
}
