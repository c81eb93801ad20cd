import Datasets
import Optimizers
import Recipes
import Testing

@testable import Alignment

/// What the parts are told, and what a resumed run may change.
struct RecipePartsTests {
    @Test func fingerprintLeavesFreeKeysOut() throws {
        let recipe = SupervisedRecipe()
        let print = try RecipeReader.fingerprint(recipe)
        let free: [(inout TrainingSettings) -> Void] = [
            { $0.outputDir = "x" }, { $0.loggingSteps = 9 }, { $0.evalSteps = 9 },
            { $0.saveSteps = 9 }, { $0.saveTotalLimit = 9 },
        ]
        let bound: [(inout SupervisedRecipe) -> Void] = [
            { $0.settings.model = "x" }, { $0.settings.dtype = .f32 },
            { $0.settings.trainFile = "x" }, { $0.settings.maxSteps = 9 },
            { $0.settings.learningRate = 1 }, { $0.settings.loraR = 9 },
            { $0.settings.loraDropout = 0 }, { $0.settings.seed = 9 },
            { $0.method.packing = true }, { $0.method.lossType = .dft },
            { $0.settings.lrSchedulerType = .constant },
            { $0.settings.perDeviceTrainBatchSize = 9 },
            { $0.settings.loraTargetModules = ["q_proj"] },
        ]
        for change in free {
            var other = recipe
            change(&other.settings)
            #expect(other != recipe)
            #expect(try RecipeReader.fingerprint(other) == print)
        }
        let prints = try bound.map { change in
            var other = recipe
            change(&other)
            return try RecipeReader.fingerprint(other)
        }
        #expect(Set(prints + [print]).count == bound.count + 1)
    }

    @Test func batchStrategies() {
        var recipe = SupervisedRecipe()
        recipe.settings.gradientAccumulationSteps = 3
        recipe.settings.maxTokensPerMicroBatch = 0
        #expect(
            recipe.batches(drawing: nil)
                == BatchConfiguration(strategy: .fixed, batchSize: 8, accumulation: 3, seed: 42)
        )
        recipe.method.groupByLength = true
        #expect(recipe.batches(drawing: nil).strategy == .lengthGrouped)
        recipe.method.packing = true
        recipe.settings.maxLength = 512
        recipe.settings.maxTokensPerMicroBatch = 2048
        #expect(recipe.batches(drawing: nil).strategy == .packed(maxTokens: 512))
        #expect(recipe.batches(drawing: nil).maxTokensPerMicroBatch == 2048)
    }

    /// A quarter of 10 steps is 2.5: transformers rounds up.
    @Test func warmup() {
        var recipe = SupervisedRecipe()
        #expect(recipe.settings.schedule(total: 10).warmupSteps == 0)
        recipe.settings.warmupRatio = 0.25
        #expect(recipe.settings.schedule(total: 10).warmupSteps == 3)
        recipe.settings.warmupSteps = 1
        #expect(
            recipe.settings.schedule(total: 10)
                == Schedule(.linear, peak: 2e-4, warmupSteps: 1, totalSteps: 10)
        )
    }

    @Test func onceAnEpochUnlessSaidOtherwise() {
        var recipe = SupervisedRecipe()
        let loop = recipe.settings.loop(total: 30, perEpoch: 10)
        #expect(loop.evalSteps == 10 && loop.saveSteps == 10 && loop.totalSteps == 30)
        (recipe.settings.evalSteps, recipe.settings.saveSteps) = (3, 7)
        let other = recipe.settings.loop(total: 30, perEpoch: 10)
        #expect(other.evalSteps == 3 && other.saveSteps == 7)
    }
}
