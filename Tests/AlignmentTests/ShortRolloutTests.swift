import Foundation
import Testing
import Tracking

@testable import Alignment

/// Six prompts in rollouts of four: the last rollout of an epoch has two.
struct ShortRolloutTests {
    /// Two epochs of 4 + 2 steps of one prompt each; where there were eight, two had no answer.
    @Test func stepsOfGroups() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try fixture.grpo("run") {
            $0.settings.numTrainEpochs = 2
            $0.settings.weightDecay = 0.1
            $0.method.own.stepsPerGeneration = 4
        }
        let outcome = try fixture.finish(trainer)
        let run = fixture.run("run")
        #expect(outcome.steps == 12 && outcome.skippedSteps == 0)
        #expect(try run.values("entropy").filter { $0 > 0 }.count == 12)
        #expect(!outcome.alarms.keys.contains { $0.contains("entropy") }, "\(outcome.alarms)")
        // The schedule ends with the last step: 12 updates of a linear decay from 1e-3.
        let rates = try run.values("learning_rate")
        #expect(abs(rates[0] - 1e-3) < 1e-12 && abs(rates[11] - 1e-3 / 12) < 1e-12)
        let epochs = try run.epochs
        #expect(epochs.count == 12)
        #expect(epochs.enumerated().allSatisfy { abs($1 - Double($0 + 1) / 6) < 1e-9 })
    }

    /// Rollouts of four prompts in four mini-batches, two passes: 8 + 4 steps.
    @Test func stepsOfEpisodes() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try fixture.ppo("run") {
            $0.settings.perDeviceTrainBatchSize = 4
            $0.method.own.numMiniBatches = 4
            $0.method.own.numPpoEpochs = 2
        }
        let outcome = try fixture.finish(trainer)
        #expect(outcome.steps == 12 && outcome.skippedSteps == 0)
        let entropies = try fixture.run("run").values("policy/entropy_avg")
        #expect(entropies.filter { $0 > 0 }.count == 12)
    }

    /// Answers of one token are all cut off: nothing is learnt, and nothing moves.
    @Test func stepsOfTruncatedAnswersMoveNothing() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try fixture.grpo("run") {
            $0.settings.maxSteps = 2
            $0.settings.weightDecay = 0.5
            $0.method.rollout.maxCompletionLength = 1
            $0.method.own.maskTruncatedCompletions = true
        }
        let before = trainer.session.state.parameters.map { $0.values(Float.self) }
        let outcome = try fixture.finish(trainer)
        #expect(outcome.alarms.keys.contains { $0.contains("reaches what is trained") })
        let cut = try fixture.run("run").values("completions/clipped_ratio")
        #expect(cut == [1, 1])
        let same = trainer.session.state.parameters.map { $0.values(Float.self) } == before
        #expect(same)
    }

    /// Killed within the short rollout, and before it.
    @Test(arguments: [3, 4, 5]) func resumes(killed: Int) throws {
        let fixture = try MethodFixture.policy()
        func trainer(_ name: String) throws -> PolicyTrainer {
            try fixture.grpo(name) {
                $0.settings.numTrainEpochs = 2
                $0.method.own.stepsPerGeneration = 4
                $0.method.rollout.logCompletions = true
            }
        }
        try fixture.finish(trainer("whole"))
        let (whole, cut) = (fixture.run("whole"), fixture.run("cut"))
        try FileManager.default.copyItem(at: whole.url, to: cut.url)
        for step in (killed + 1)...12 {
            try FileManager.default.removeItem(at: cut.url.appending(path: "checkpoint-\(step)"))
        }
        try FileManager.default.removeItem(at: cut.url.appending(path: "adapter"))
        try fixture.finish(trainer("cut"), resuming: true)
        #expect(try cut.weights == whole.weights)
        #expect(try cut.values("loss") == whole.values("loss"))
        // Rollouts that are drawn again stand once.
        #expect(try cut.completions == whole.completions)
    }
}

extension FinishedFolder {
    var epochs: [Double] {
        get throws { try MetricsLog.rows(of: url.appending(path: "metrics.jsonl")).map(\.epoch) }
    }

    var completions: Data {
        get throws { try Data(contentsOf: url.appending(path: "completions.jsonl")) }
    }
}
