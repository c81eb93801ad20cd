import Foundation
import Recipes
import Testing

@testable import Alignment

/// What must hold for every method, on the real model.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct MethodTests {
    @Test(arguments: MethodFixture.methods) func resumesBitByBit(method: String) throws {
        try MethodFixture().expectResumption(method)
    }

    @Test(arguments: MethodFixture.methods) func microBatchesDoNotMatter(method: String) throws {
        try MethodFixture().expectSameHoweverCut(method)
    }

    /// Sampling and the first update compute the same log-probabilities, in bf16 too: a run whose
    /// numbers differ would have said so.
    @Test(arguments: ["grpo", "rloo", "ppo"], WeightType.allCases)
    func samplingAgreesWithTraining(method: String, dtype: WeightType) throws {
        let fixture = try MethodFixture()
        let outcome = try fixture.finish(
            fixture.trainer(method, "run") { settings in
                settings.dtype = dtype
                settings.maxSteps = 1
            })
        #expect(outcome.steps == 1)
        #expect(!outcome.alarms.keys.contains { $0.contains("log-probabilities") })
    }

    /// The reference computed beforehand gives the curves of the one computed on the way, and a
    /// resumed run reads its numbers instead of computing them again.
    @Test func referenceIsComputedOnce() throws {
        let fixture = try MethodFixture()
        try fixture.finish(fixture.trainer("dpo", "on-the-way") { $0.maxSteps = 3 })
        try fixture.finish(fixture.trainer("dpo precomputed", "before") { $0.maxSteps = 3 })
        let run = fixture.run("before")
        #expect(try run.values("loss") == fixture.run("on-the-way").values("loss"))
        let file = run.url.appending(path: "reference_logps.json")
        let sums = try JSONDecoder().decode([[Double]].self, from: Data(contentsOf: file))
        #expect(sums.count == 6 && sums.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 < 0 } })
        // Numbers that could not have been computed show that they were read.
        try JSONEncoder().encode(sums.map { _ in [0.0, -100.0] }).write(to: file)
        try FileManager.default.removeItem(at: run.url.appending(path: "checkpoint-3"))
        try fixture.finish(
            fixture.trainer("dpo precomputed", "before") { $0.maxSteps = 3 }, resuming: true)
        #expect(try run.values("rewards/margins").last.map { $0 < -5 } == true)
    }
}
