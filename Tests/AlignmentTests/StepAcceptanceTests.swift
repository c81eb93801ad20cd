import Foundation
import Optimizers
import Recipes
import Testing
import Torch
import Tracking

@testable import Alignment

/// What a step would change is changed once, after it is accepted; a step that is left out, or has
/// nothing to teach, changes nothing.
struct StepAcceptanceTests {
    /// A step's kind in a made-up run.
    enum Kind { case good, notFinite, curveNotFinite, withoutRecords, withoutGradient }

    private static let schedule = Schedule(.linear, peak: 0.1, warmupSteps: 0, totalSteps: 10)

    /// What is left of a run.
    private struct End {
        var weights: [Float]
        var moments: [[Float]]
        var counts: [String: Int]
        var stream: [UInt8]
        var accepted: [Int]
        var rows: [MetricsRow]
        var outcome: TrainingOutcome
    }

    /// A run whose good steps have gradients drawn from the run's own stream, with weight decay and
    /// a rate that falls with every update.
    private func run(_ kinds: [Kind]) throws -> End {
        let fixture = try LoopFixture()
        let generator = Generator(seed: 3)
        let state = fixture.state(decay: 0.1, generators: ["dropout": generator])
        var accepted: [Int] = []
        return try fixture.withFolder { folder in
            let loop = fixture.loop(folder, kinds.count, schedule: Self.schedule, state: state)
            let outcome = try loop.run(
                from: TrainingState.Record(), epoch: { Double($0) },
                step: { number in
                    let noise = Tensor.randn(fixture.b.shape, generator: generator)
                    var report = fixture.report(1)
                    report.alarms = ["told"]
                    report.accept = { accepted.append(number) }
                    switch kinds[number] {
                    case .good: fixture.b.grad = noise
                    case .notFinite: fixture.b.grad = noise * Double.nan
                    case .curveNotFinite:
                        fixture.b.grad = noise
                        report.values["kl"] = .infinity
                    case .withoutRecords:
                        fixture.b.grad = noise
                        report.records = []
                    case .withoutGradient: break
                    }
                    return report
                }, validate: nil)
            return End(
                weights: fixture.b.values(Float.self),
                moments: state.optimizer.state.map { $0.tensor.values(Float.self) },
                counts: state.optimizer.steps, stream: generator.state, accepted: accepted,
                rows: try MetricsLog.rows(of: RunFolder(folder).metrics), outcome: outcome)
        }
    }

    /// Steps 2 and 3 of six are no good: the run ends, bit by bit, as the one of the four others.
    @Test(arguments: [
        [Kind.notFinite, .notFinite], [.curveNotFinite, .notFinite],
        [.withoutRecords, .withoutRecords], [.withoutGradient, .withoutRecords],
    ])
    func nothingIsLeftOfThem(kinds: [Kind]) throws {
        let clean = try run([.good, .good, .good, .good])
        let mixed = try run([.good] + kinds + [.good, .good, .good])
        #expect(mixed.weights == clean.weights && mixed.moments == clean.moments)
        #expect(mixed.counts == clean.counts && mixed.stream == clean.stream)
        #expect(mixed.counts.values.max() == 4)
        #expect(mixed.accepted == [0, 3, 4, 5])
        #expect(mixed.outcome.alarms["told"] == 4)
        let rates = [0, 0, 0, 1, 2, 3].map(Self.schedule.rate(at:))
        #expect(mixed.rows.map { $0.values["learning_rate"] } == rates)
        #expect(mixed.rows.last?.values["num_tokens"] == 40)
        #expect(mixed.rows[1].values["grad_norm"] == nil)
    }

    @Test func eachKindIsToldOf() throws {
        let end = try run([.good, .notFinite, .curveNotFinite, .withoutRecords, .withoutGradient])
        #expect(
            end.outcome.alarms == [
                "told": 1, "no record of the step reaches what is trained": 1,
                "the gradient is not a finite number: step left out (records r1, r2)": 1,
                "the kl is not a finite number: step left out (records r1, r2)": 1,
                "the last 4 steps were left out: the result is that of step 1": 1,
            ])
        #expect(end.outcome.skippedSteps == 2 && end.outcome.steps == 5)
    }

    /// The loss or the gradient of `r2` alone is no number: it is named, and no other.
    @Test(arguments: [true, false]) func recordAtFault(inLoss: Bool) throws {
        let fixture = try LoopFixture()
        let outcome = try fixture.withFolder { folder in
            try fixture.loop(folder, 2).run(
                from: TrainingState.Record(), epoch: { Double($0) },
                step: { number in
                    guard number == 1 else { return fixture.report(1, gradient: 1) }
                    var report = fixture.report(
                        inLoss ? .nan : 1, gradient: inLoss ? 1 : .infinity)
                    report.alone = { index in
                        index == 0
                            ? fixture.report(1, gradient: 1)
                            : fixture.report(inLoss ? .nan : 1, gradient: inLoss ? 1 : .infinity)
                    }
                    return report
                }, validate: nil)
        }
        let what = inLoss ? "loss" : "gradient"
        #expect(
            outcome.alarms == [
                "the \(what) is not a finite number: step left out (record r2)": 1,
                "the last step was left out: the result is that of step 1": 1,
            ])
        #expect(fixture.b.grad == nil)
    }

    @Test func heldOutRecordAtFault() throws {
        let fixture = try LoopFixture()
        let outcome = try fixture.withFolder { folder in
            try fixture.loop(folder, 2).run(
                from: TrainingState.Record(), epoch: { Double($0) },
                step: { _ in fixture.report(1, gradient: 1) },
                validate: {
                    Validation(
                        loss: .nan, records: ["v1", "v2", "v3"],
                        alone: { Validation(loss: $0 == 1 ? .nan : 1) })
                })
        }
        #expect(
            outcome.alarms == ["the validation loss is not a finite number (record v2)": 2])
        #expect(outcome.bestValidationLoss == nil)
    }

    /// Several records that fail one by one, and none that does not: the weights blew up, finite as
    /// they are, and are no result. One such record is at fault itself, and so is the first where
    /// another is sound.
    @Test func recordsOrWeights() {
        func fault(_ records: [String], _ hasSoundRecord: Bool?) -> StepVerdict {
            .leftOut(StepFault(what: "loss", records: records, hasSoundRecord: hasSoundRecord))
        }
        let cases: [(verdicts: [StepVerdict], isTheWeights: Bool)] = [
            ([fault(["a"], nil)], false), ([fault(["a", "b"], false)], true),
            ([fault(["a"], nil), .empty, fault(["b"], nil)], true),
            ([fault(["a"], true), fault(["b"], true)], false),
            ([fault(["a", "b"], false), fault(["c"], true)], false),
            ([fault(["a", "b"], nil)], false),
            ([fault(["a"], nil), .accepted(norm: 1), fault(["b"], nil)], false),
        ]
        for (verdicts, isTheWeights) in cases {
            var suspicion = Suspicion()
            for verdict in verdicts { suspicion.add(verdict) }
            #expect(suspicion.fallsOnWeights == isTheWeights, "\(verdicts)")
        }
    }

    /// Weights that are no numbers are no result, though every gradient was one.
    @Test func endWithoutGoodWeights() throws {
        let fixture = try LoopFixture()
        try fixture.withFolder { folder in
            let error = #expect(throws: TrainingError.self) {
                try fixture.loop(folder, 2).run(
                    from: TrainingState.Record(), epoch: { Double($0) },
                    step: { number in
                        if number == 1 { withoutGradients { _ = fixture.b.mul_(.infinity) } }
                        return fixture.report(number == 1 ? .nan : 1, gradient: 1)
                    }, validate: nil)
            }
            #expect(error == .endedNotFinite(step: 2))
        }
    }
}
