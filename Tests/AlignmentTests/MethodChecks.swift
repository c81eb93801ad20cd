import Foundation
import Recipes
import Testing

@testable import Alignment

/// What must hold for every method, on text and on images.
extension MethodFixture {
    typealias Change = (inout TrainingSettings) -> Void

    @discardableResult
    func finish(_ trainer: any Trainer, resuming: Resumption = .begins) throws -> TrainingOutcome {
        try trainer.run(resuming: resuming, interruption: Interruption())
    }

    /// Killed after a step, within a rollout and between passes over one too: a new trainer that
    /// goes on ends with the weights of the run that was not killed, bit by bit.
    func expectResumption(_ method: String, _ change: Change = { _ in }) throws {
        let outcome = try finish(trainer(method, "whole", change))
        #expect(outcome.steps == 6 && outcome.skippedSteps == 0)
        let whole = run("whole")
        let expected = try whole.weights
        #expect(expected.count == (method == "ppo" ? 2 : 1))
        for killed in [1, 3] {
            let cut = run("cut-\(killed)")
            try FileManager.default.copyItem(at: whole.url, to: cut.url)
            for step in (killed + 1)...6 {
                try FileManager.default.removeItem(
                    at: cut.url.appending(path: "checkpoint-\(step)"))
            }
            for name in expected.keys {
                try FileManager.default.removeItem(at: cut.url.appending(path: name))
            }
            let resumed = try finish(trainer(method, "cut-\(killed)", change), resuming: true)
            #expect(resumed.steps == 6)
            #expect(try cut.weights == expected, "killed after step \(killed)")
            #expect(try cut.values("loss") == whole.values("loss"))
        }
    }

    /// Loss and gradient of a step do not depend on how it is cut into micro-batches.
    func expectSameHoweverCut(_ method: String, _ change: Change = { _ in }) throws {
        func first(_ name: String, limit: Int) throws -> [Double] {
            let trainer = try trainer(method, name) { settings in
                change(&settings)
                settings.maxSteps = 2
                settings.maxTokensPerMicroBatch = limit
            }
            try finish(trainer)
            return try run(name).values("loss") + run(name).values("grad_norm")
        }
        let whole = try first("whole", limit: 0)
        let cut = try first("cut", limit: 1)
        #expect(whole.count == 4 && cut.count == 4)
        for (one, other) in zip(whole, cut) {
            #expect(abs(one - other) <= 1e-4 * max(abs(one), 1e-2), "\(cut), whole \(whole)")
        }
    }
}
