import Foundation
import Recipes
import Testing

@testable import Alignment

/// Runs that go on end as the run that was never stopped, bit by bit.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct ResumeTests {
    /// Six steps with dropout, all checkpoints kept.
    private func recipe(_ fixture: TrainingFixture) -> SupervisedRecipe {
        var recipe = fixture.recipe()
        recipe.settings.perDeviceTrainBatchSize = 2
        recipe.settings.maxSteps = 6
        recipe.settings.learningRate = 1e-3
        recipe.settings.loraDropout = 0.1
        recipe.settings.validationSplit = 0.2
        recipe.settings.evalSteps = 2
        recipe.settings.saveSteps = 1
        recipe.settings.saveTotalLimit = 6
        recipe.settings.loggingSteps = 3
        return recipe
    }

    /// Rows without what depends on the clock and the machine.
    private func curves(_ run: FinishedRun) throws -> [[String: Double]] {
        try (run.rows("loss") + run.rows("eval_loss")).map { row in
            var values = row.values
            values["tokens_per_second"] = nil
            values["peak_memory_bytes"] = nil
            values["step"] = Double(row.step)
            return values
        }
    }

    @Test func damagedCheckpointsArePassedOver() throws {
        let fixture = try TrainingFixture()
        let recipe = recipe(fixture)
        let whole = try fixture.train(recipe)
        #expect(whole.checkpoints == Array(1...6) && whole.warnings.isEmpty)
        let weights = try whole.weights
        let expected = try curves(whole)
        let folder = whole.folder
        var damages = Damage.allCases[...]
        // Newest first: one more is damaged each time, until none is left.
        for sound in [5, 4, 3, 2, 0] {
            let damaged = Array((sound + 1)...6)
            try FileManager.default.removeItem(at: folder.adapter)
            for step in damaged {
                let damage = damages.popFirst() ?? .truncation
                try damage.apply(to: folder.checkpoint(step))
            }
            let run = try fixture.train(recipe, resuming: true)
            let passed = run.warnings.filter { $0.contains("is passed over: ") }
            #expect(passed.count == damaged.count)
            #expect(
                zip(passed, damaged.reversed()).allSatisfy { $0.hasPrefix("checkpoint-\($1) ") }
            )
            #expect(run.warnings.contains { $0.contains("starting over") } == (sound == 0))
            #expect(try run.weights == weights)
            #expect(try curves(run) == expected)
            #expect(run.checkpoints == Array(1...6))
        }
    }

    /// An end asked for before the first step leaves a run that can be resumed.
    @Test func interruptedAtOnce() throws {
        let fixture = try TrainingFixture()
        var recipe = recipe(fixture)
        recipe.settings.outputDir = fixture.folder.appending(path: "whole").path
        let whole = try fixture.train(recipe)
        recipe.settings.outputDir = fixture.folder.appending(path: "stopped").path
        let interruption = Interruption()
        interruption.request()
        let stopped = try fixture.train(recipe, interruption: interruption)
        #expect(stopped.outcome.interrupted && stopped.outcome.steps == 0)
        #expect(stopped.checkpoints == [0])
        #expect(!FileManager.default.fileExists(atPath: stopped.folder.adapter.path))
        let resumed = try fixture.train(recipe, resuming: true)
        #expect(!resumed.outcome.interrupted && resumed.warnings.isEmpty)
        #expect(try resumed.weights == whole.weights)
        #expect(try curves(resumed) == curves(whole))
    }

    /// A finished run that is resumed only writes its adapter again, and clears leftovers away.
    @Test func resumingAFinishedRun() throws {
        let fixture = try TrainingFixture()
        let recipe = recipe(fixture)
        let whole = try fixture.train(recipe)
        let weights = try whole.weights
        let leftover = whole.folder.url.appending(path: ".checkpoint-9.X.partial")
        try FileManager.default.createDirectory(at: leftover, withIntermediateDirectories: false)
        try FileManager.default.removeItem(at: whole.folder.adapter)
        let again = try fixture.train(recipe, resuming: true)
        #expect(try again.weights == weights)
        #expect(again.outcome.steps == 6 && again.outcome.finalLoss == nil)
        #expect(!FileManager.default.fileExists(atPath: leftover.path))
    }
}

/// Ways in which a checkpoint goes bad.
enum Damage: CaseIterable {
    case truncation, flippedByte, missingFile, missingManifest, emptyManifest, emptyFolder

    func apply(to checkpoint: URL) throws {
        let weights = checkpoint.appending(path: "adapter_model.safetensors")
        let moments = checkpoint.appending(path: "optimizer.safetensors")
        let manifest = checkpoint.appending(path: "checksums.json")
        switch self {
        case .truncation:
            let bytes = try Data(contentsOf: weights)
            try bytes.prefix(bytes.count / 2).write(to: weights)
        case .flippedByte:
            var bytes = try Data(contentsOf: moments)
            bytes[bytes.count - 5] ^= 0x10
            try bytes.write(to: moments)
        case .missingFile:
            try FileManager.default.removeItem(at: checkpoint.appending(path: "state.json"))
        case .missingManifest: try FileManager.default.removeItem(at: manifest)
        case .emptyManifest: try Data().write(to: manifest)
        case .emptyFolder:
            try FileManager.default.removeItem(at: checkpoint)
            try FileManager.default.createDirectory(
                at: checkpoint,
                withIntermediateDirectories: false
            )
        }
    }
}
