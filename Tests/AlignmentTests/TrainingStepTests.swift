import Alignment
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
        recipe.maxSteps = 1
        change(&recipe)
        let run = try fixture.train(recipe)
        return try run.values("loss") + run.values("grad_norm")
    }

    private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
        a.count == 2 && b.count == 2
            && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }
    }

    /// In bf16 each product is rounded to 8 bits, and how depends on the rows it has.
    @Test(arguments: [("f32", 1e-5), ("bf16", 1e-2)])
    func microBatchesDoNotMatter(dtype: String, tolerance: Double) throws {
        let fixture = try TrainingFixture()
        let whole = try firstStep(fixture, "whole") { $0.dtype = dtype }
        #expect(whole[0] > 0.5 && whole[0] < 10 && whole[1] > 0)
        let single = try firstStep(fixture, "single") { recipe in
            recipe.dtype = dtype
            recipe.perDeviceTrainBatchSize = 1
            recipe.gradientAccumulationSteps = 4
        }
        let byTokens = try firstStep(fixture, "tokens") { recipe in
            recipe.dtype = dtype
            recipe.maxTokensPerMicroBatch = 40
        }
        #expect(isClose(single, whole, tolerance), "\(single) \(whole)")
        #expect(isClose(byTokens, whole, tolerance), "\(byTokens) \(whole)")
    }

    /// All ten records in one step, side by side, packed or sorted by length.
    @Test func packingAndGroupingDoNotMatter() throws {
        let fixture = try TrainingFixture()
        let plain = try firstStep(fixture, "plain") { recipe in
            recipe.dtype = "f32"
            recipe.perDeviceTrainBatchSize = 10
        }
        let packed = try firstStep(fixture, "packed") { recipe in
            recipe.dtype = "f32"
            recipe.perDeviceTrainBatchSize = 2
            recipe.gradientAccumulationSteps = 5
            recipe.packing = true
        }
        let grouped = try firstStep(fixture, "grouped") { recipe in
            recipe.dtype = "f32"
            recipe.perDeviceTrainBatchSize = 5
            recipe.gradientAccumulationSteps = 2
            recipe.groupByLength = true
        }
        #expect(isClose(packed, plain, 1e-5), "\(packed) \(plain)")
        #expect(isClose(grouped, plain, 1e-5), "\(grouped) \(plain)")
    }

    /// Recomputation draws the same dropout again.
    @Test func recomputationDoesNotMatter() throws {
        let fixture = try TrainingFixture(records: 4)
        let kept = try firstStep(fixture, "kept") { recipe in
            recipe.dtype = "f32"
            recipe.loraDropout = 0.2
        }
        let recomputed = try firstStep(fixture, "recomputed") { recipe in
            recipe.dtype = "f32"
            recipe.loraDropout = 0.2
            recipe.gradientCheckpointing = true
        }
        let undropped = try firstStep(fixture, "undropped") { $0.dtype = "f32" }
        #expect(isClose(recomputed, kept, 1e-6), "\(recomputed) \(kept)")
        #expect(!isClose(undropped, kept, 1e-3))
    }

    @Test func lossTypesDiffer() throws {
        let fixture = try TrainingFixture(records: 4)
        let nll = try firstStep(fixture, "nll") { _ in }
        let dft = try firstStep(fixture, "dft") { $0.lossType = .dft }
        // -p log p is below -log p for every p.
        #expect(dft[0] < nll[0] && dft[0] > 0)
    }
}
