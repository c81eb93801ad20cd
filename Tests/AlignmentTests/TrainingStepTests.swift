import Alignment
import Recipes
import Testing

/// A step's loss and gradient do not depend on how its records go through the model.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct TrainingStepTests {
    /// Loss and gradient norm of the first step.
    private func firstStep(
        _ fixture: TrainingFixture,
        _ name: String,
        _ change: (inout SupervisedRecipe) -> Void
    ) throws -> [Double] {
        var recipe = fixture.recipe(name)
        recipe.settings.maxSteps = 1
        change(&recipe)
        let run = try fixture.train(recipe)
        return try run.values("loss") + run.values("grad_norm")
    }

    private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
        a.count == 2 && b.count == 2
            && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }
    }

    /// In bf16 each product is rounded to 8 bits, and how depends on the rows it has.
    @Test(arguments: [(WeightType.f32, 1e-5), (.bf16, 1e-2)])
    func microBatchesDoNotMatter(dtype: WeightType, tolerance: Double) throws {
        let fixture = try TrainingFixture()
        let whole = try firstStep(fixture, "whole") { $0.settings.dtype = dtype }
        #expect(whole[0] > 0.5 && whole[0] < 10 && whole[1] > 0)
        let single = try firstStep(fixture, "single") { recipe in
            recipe.settings.dtype = dtype
            recipe.settings.perDeviceTrainBatchSize = 1
            recipe.settings.gradientAccumulationSteps = 4
        }
        let byTokens = try firstStep(fixture, "tokens") { recipe in
            recipe.settings.dtype = dtype
            recipe.settings.maxTokensPerMicroBatch = 40
        }
        #expect(isClose(single, whole, tolerance), "\(single) \(whole)")
        #expect(isClose(byTokens, whole, tolerance), "\(byTokens) \(whole)")
    }

    /// All ten records in one step, side by side, packed or sorted by length.
    @Test func packingAndGroupingDoNotMatter() throws {
        let fixture = try TrainingFixture()
        let plain = try firstStep(fixture, "plain") { recipe in
            recipe.settings.dtype = .f32
            recipe.settings.perDeviceTrainBatchSize = 10
        }
        let packed = try firstStep(fixture, "packed") { recipe in
            recipe.settings.dtype = .f32
            recipe.settings.perDeviceTrainBatchSize = 2
            recipe.settings.gradientAccumulationSteps = 5
            recipe.method.packing = true
        }
        let grouped = try firstStep(fixture, "grouped") { recipe in
            recipe.settings.dtype = .f32
            recipe.settings.perDeviceTrainBatchSize = 5
            recipe.settings.gradientAccumulationSteps = 2
            recipe.method.groupByLength = true
        }
        #expect(isClose(packed, plain, 1e-5), "\(packed) \(plain)")
        #expect(isClose(grouped, plain, 1e-5), "\(grouped) \(plain)")
    }

    /// Recomputation draws the same dropout again.
    @Test func recomputationDoesNotMatter() throws {
        let fixture = try TrainingFixture(records: 4)
        let kept = try firstStep(fixture, "kept") { recipe in
            recipe.settings.dtype = .f32
            recipe.settings.loraDropout = 0.2
        }
        let recomputed = try firstStep(fixture, "recomputed") { recipe in
            recipe.settings.dtype = .f32
            recipe.settings.loraDropout = 0.2
            recipe.settings.gradientCheckpointing = true
        }
        let undropped = try firstStep(fixture, "undropped") { $0.settings.dtype = .f32 }
        #expect(isClose(recomputed, kept, 1e-6), "\(recomputed) \(kept)")
        #expect(!isClose(undropped, kept, 1e-3))
    }

    @Test func lossTypesDiffer() throws {
        let fixture = try TrainingFixture(records: 4)
        let nll = try firstStep(fixture, "nll") { _ in }
        let dft = try firstStep(fixture, "dft") { $0.method.lossType = .dft }
        // -p log p is below -log p for every p.
        #expect(dft[0] < nll[0] && dft[0] > 0)
    }
}
