import Checkpoints
import Foundation
import Models
import Optimizers
import Recipes
import TestSupport
import Testing
import Torch
import TorchTestSupport
import Tracking

@testable import Alignment

/// The loop alone, on a tiny decoder with made-up steps and validation losses.
struct TrainingLoopTests {
    private let fixture: LoopFixture
    private var decoder: Decoder { fixture.decoder }

    init() throws { fixture = try LoopFixture() }

    private func loop(
        _ folder: URL,
        _ steps: Int,
        _ interruption: Interruption = Interruption(),
        logging: Int = 1,
        save: Int = 1000,
        kept: Int = 1
    ) -> TrainingLoop {
        fixture.loop(folder, steps, interruption, logging: logging, save: save, kept: kept)
    }

    /// With a gradient, so that the step is one.
    private func report(_ loss: Double) -> StepReport { fixture.report(loss, gradient: 1) }

    private func run(
        _ loop: TrainingLoop,
        from record: TrainingState.Record = TrainingState.Record(),
        step: (Int) throws -> StepReport,
        validate: (() throws -> Validation)? = nil
    ) throws -> TrainingOutcome {
        try loop.run(from: record, epoch: { Double($0) / 2 }, step: step, validate: validate)
    }

    /// Validation losses 5, 3, 4, 4.5, 6: the best, after step 2, stays beside the last.
    @Test func bestCheckpointIsKept() throws {
        try fixture.withFolder { folder in
            var losses = [5.0, 3, 4, 4.5, 6][...]
            let outcome = try run(
                loop(folder, 5, save: 2),
                step: { _ in report(1) },
                validate: { Validation(loss: losses.popFirst() ?? 0) }
            )
            #expect(outcome.bestValidationLoss == 3)
            #expect(RunFolder(folder).checkpointSteps == [5, 2])
        }
    }

    /// Without validation the last ones stay, the very last step among them.
    @Test func lastCheckpointsAreKept() throws {
        try fixture.withFolder { folder in
            _ = try run(loop(folder, 7, save: 2, kept: 2), step: { _ in report(1) })
            #expect(RunFolder(folder).checkpointSteps == [7, 6])
        }
    }

    /// A damaged leftover of a later step takes no place of those that are kept.
    @Test func laterLeftoversDoNotCount() throws {
        try fixture.withFolder { folder in
            let leftover = RunFolder(folder).checkpoint(50)
            try FileManager.default.createDirectory(at: leftover, withIntermediateDirectories: true)
            _ = try run(loop(folder, 4, save: 2, kept: 2), step: { _ in report(1) })
            #expect(RunFolder(folder).checkpointSteps == [50, 4, 2])
        }
    }

    /// Losses from 1 to 5, logged every 2 steps: means 1.5 and 3.5, and 5 at the end.
    @Test func rowsAreMeansSinceTheLastOne() throws {
        try fixture.withFolder { folder in
            _ = try run(loop(folder, 5, logging: 2), step: { report(Double($0 + 1)) })
            let rows = try MetricsLog.rows(of: RunFolder(folder).metrics)
            #expect(rows.map(\.step) == [2, 4, 5] && rows.map(\.epoch) == [1, 2, 2.5])
            #expect(rows.map { $0.values["loss"] } == [1.5, 3.5, 5])
            #expect(rows.map { $0.values["entropy"] } == [3, 7, 10])
            #expect(rows.map { $0.values["num_tokens"] } == [20, 40, 50])
        }
    }

    /// Stopped after step 3 and resumed: the rows are those of a run that was not stopped.
    @Test func interruptionInTheMiddle() throws {
        try fixture.withFolder { folder in
            let interruption = Interruption()
            let stopped = try run(
                loop(folder, 5, interruption, logging: 2),
                step: { number in
                    if number == 2 { interruption.request() }
                    return report(Double(number + 1))
                }
            )
            #expect(stopped.interrupted && stopped.steps == 3)
            #expect(RunFolder(folder).checkpointSteps == [3])
            let loop = loop(folder, 5, logging: 2)
            let record = try loop.state.restore(from: RunFolder(folder).checkpoint(3))
            #expect(record.step == 3 && record.tokens == 30)
            let outcome = try run(loop, from: record, step: { report(Double($0 + 1)) })
            #expect(!outcome.interrupted && outcome.steps == 5)
            let rows = try MetricsLog.rows(of: RunFolder(folder).metrics)
            #expect(rows.map(\.step) == [2, 4, 5])
            #expect(rows.map { $0.values["loss"] } == [1.5, 3.5, 5])
            #expect(rows.map { $0.values["num_tokens"] } == [20, 40, 50])
        }
    }

    /// The third step fails: it changes nothing, is counted, and the run goes on.
    @Test(arguments: [Double.nan, .infinity])
    func lossThatIsNotFinite(loss: Double) throws {
        try fixture.withFolder { folder in
            let b = decoder.adapterModules()[0].b
            var weights: [[Float]] = []
            let outcome = try run(
                loop(folder, 5),
                step: { number in
                    weights.append(b.values(Float.self))
                    return report(number == 2 ? loss : 1)
                }
            )
            #expect(outcome.skippedSteps == 1 && outcome.finalLoss == 1)
            #expect(weights[3] == weights[2] && weights[2] != weights[1])
            #expect(
                outcome.alarms == [
                    "the loss is not a finite number: step left out (records r1, r2)": 1
                ])
            let rows = try MetricsLog.rows(of: RunFolder(folder).metrics)
            #expect(rows.map { $0.values["loss"] } == [1, 1, nil, 1, 1])
            #expect(rows.last?.values["skipped_steps"] == 1)
        }
    }

    /// Five in a row end the run; the checkpoint before them is good.
    @Test func tooManyThatAreNotFinite() throws {
        try fixture.withFolder { folder in
            let error = #expect(throws: TrainingError.self) {
                try run(loop(folder, 20, save: 1), step: { report($0 >= 2 ? .nan : 1) })
            }
            #expect(error == .notFinite(step: 7, what: "loss", records: ["r1", "r2"]))
            let steps = RunFolder(folder).checkpointSteps
            #expect(steps.first == 2)
        }
    }

    @Test func gradientThatIsNotFinite() throws {
        try fixture.withFolder { folder in
            let b = decoder.adapterModules()[0].b
            let before = b.values(Float.self)
            let error = #expect(throws: TrainingError.self) {
                try run(
                    loop(folder, 1),
                    step: { _ in fixture.report(1, gradient: .nan) }
                )
            }
            #expect(error == .endedNotFinite(step: 1))
            #expect(RunFolder(folder).checkpointSteps.isEmpty)
            #expect(b.values(Float.self) == before)
        }
    }

    /// A checkpoint of other sizes is refused and changes nothing.
    @Test func checkpointOfAnotherRun() throws {
        try fixture.withFolder { folder in
            let loop = loop(folder, 2, save: 1)
            _ = try run(loop, step: { _ in report(1) })
            var other = fixture.adapter
            other.targets = ["k_proj"]
            let fixture = TestFiles.fixtures.appending(path: "models/tiny-llama")
            let fresh = try Decoder(
                DecoderConfiguration(huggingFace: fixture.appending(path: "config.json")),
                WeightPath(SafetensorsWeights(url: fixture), dtype: .float32, device: .cpu)
            )
            try fresh.attachAdapters(other, seed: 2)
            let state = TrainingState(
                decoder: fresh,
                adapters: [TrainedAdapter(name: .default, configuration: other, head: nil)]
            )
            #expect(throws: (any Error).self) {
                try state.restore(from: RunFolder(folder).checkpoint(2))
            }
        }
    }
}
