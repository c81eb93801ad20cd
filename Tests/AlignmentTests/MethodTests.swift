import Foundation
import Testing

@testable import Alignment

/// What must hold for every method, on the real model.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct MethodTests {
    private func finish(_ trainer: any Trainer, resuming: Bool = false) throws -> TrainingOutcome {
        try trainer.run(resuming: resuming, interruption: Interruption())
    }

    /// Killed after a step, within a rollout and between passes over one too: a new trainer that
    /// goes on ends with the weights of the run that was not killed, bit by bit.
    @Test(arguments: MethodFixture.methods) func resumesBitByBit(method: String) throws {
        let fixture = try MethodFixture()
        let outcome = try finish(fixture.trainer(method, "whole"))
        #expect(outcome.steps == 6 && outcome.skippedSteps == 0)
        let whole = fixture.run("whole")
        let expected = try whole.weights
        #expect(expected.count == (method == "ppo" ? 2 : 1))
        for killed in [1, 3] {
            let cut = fixture.run("cut-\(killed)")
            try FileManager.default.copyItem(at: whole.url, to: cut.url)
            for step in (killed + 1)...6 {
                try FileManager.default.removeItem(
                    at: cut.url.appending(path: "checkpoint-\(step)"))
            }
            for name in expected.keys {
                try FileManager.default.removeItem(at: cut.url.appending(path: name))
            }
            let resumed = try finish(fixture.trainer(method, "cut-\(killed)"), resuming: true)
            #expect(resumed.steps == 6)
            #expect(try cut.weights == expected, "killed after step \(killed)")
            #expect(try cut.values("loss") == whole.values("loss"))
        }
    }

    /// Loss and gradient of a step do not depend on how it is cut into micro-batches.
    @Test(arguments: MethodFixture.methods) func microBatchesDoNotMatter(method: String) throws {
        let fixture = try MethodFixture()
        func first(_ name: String, _ change: (inout TrainingSettings) -> Void) throws -> [Double] {
            let trainer = try fixture.trainer(method, name) { settings in
                settings.maxSteps = 2
                change(&settings)
            }
            _ = try finish(trainer)
            let run = fixture.run(name)
            return try run.values("loss") + run.values("grad_norm")
        }
        let whole = try first("whole") { _ in }
        let cut = try first("cut") { $0.maxTokensPerMicroBatch = 1 }
        #expect(whole.count == 4 && cut.count == 4)
        for (one, other) in zip(whole, cut) {
            #expect(abs(one - other) <= 1e-4 * max(abs(one), 1e-2), "\(cut), whole \(whole)")
        }
    }

    /// Sampling and the first update compute the same log-probabilities, in bf16 too: a run whose
    /// numbers differ would have ended with an error.
    @Test(arguments: ["grpo", "rloo", "ppo"], ["f32", "bf16"])
    func samplingAgreesWithTraining(method: String, dtype: String) throws {
        let fixture = try MethodFixture()
        let outcome = try finish(
            fixture.trainer(method, "run") { settings in
                settings.dtype = dtype
                settings.maxSteps = 1
            })
        #expect(outcome.steps == 1)
    }

    /// The reference computed beforehand gives the curves of the one computed on the way, and a
    /// resumed run reads its numbers instead of computing them again.
    @Test func referenceIsComputedOnce() throws {
        let fixture = try MethodFixture()
        _ = try finish(fixture.trainer("dpo", "on-the-way") { $0.maxSteps = 3 })
        _ = try finish(fixture.trainer("dpo precomputed", "before") { $0.maxSteps = 3 })
        let run = fixture.run("before")
        #expect(try run.values("loss") == fixture.run("on-the-way").values("loss"))
        let file = run.url.appending(path: "reference_logps.json")
        let sums = try JSONDecoder().decode([[Double]].self, from: Data(contentsOf: file))
        #expect(sums.count == 6 && sums.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 < 0 } })
        // Numbers that could not have been computed show that they were read.
        try JSONEncoder().encode(sums.map { _ in [0.0, -100.0] }).write(to: file)
        try FileManager.default.removeItem(at: run.url.appending(path: "checkpoint-3"))
        _ = try finish(
            fixture.trainer("dpo precomputed", "before") { $0.maxSteps = 3 }, resuming: true)
        #expect(try run.values("rewards/margins").last.map { $0 < -5 } == true)
    }

    @Test func disagreementIsAnError() {
        let agreement = SamplingAgreement(dtype: .float32, device: .cpu)
        #expect(throws: Never.self) { try agreement.check([-1, -2], [-1, -2]) }
        #expect(throws: TrainingError.self) { try agreement.check([-1, -2], [-1, -2.1]) }
        #expect(throws: TrainingError.self) { try agreement.check([-1, -2], [-1]) }
    }
}
