import Foundation
import Recipes
import Records
import Testing
import Tracking

@testable import Alignment

/// What must hold for every method on records with images, some with two, and without.
@Suite(.serialized) struct SeeingMethodTests {
    private static let runs: [(Subject, Placement)] = [
        (.llava, .aboveTower), (.qwen, .everywhere),
    ]

    private func fixtures() throws -> [(MethodFixture, MethodFixture.Change)] {
        try Self.runs.map { subject, placement in
            (try MethodFixture(subject), { placement.apply(to: &$0, subject) })
        }
    }

    /// With dropout, where a method has it, in the tower too.
    @Test(arguments: MethodFixture.all) func resumesBitByBit(method: String) throws {
        for (fixture, change) in try fixtures() {
            try fixture.expectResumption(method) { settings in
                change(&settings)
                settings.loraDropout = ["sft", "reward"].contains(method) ? 0.1 : 0
            }
        }
    }

    @Test(arguments: MethodFixture.all) func microBatchesDoNotMatter(method: String) throws {
        for (fixture, change) in try fixtures() { try fixture.expectSameHoweverCut(method, change) }
    }

    /// Answers drawn behind an image, also behind one whose positions are fewer than its tokens,
    /// have the log-probabilities that training computes.
    @Test(arguments: ["grpo", "rloo", "ppo"], WeightType.allCases)
    func samplingAgreesWithTraining(method: String, dtype: WeightType) throws {
        for (fixture, change) in try fixtures() {
            let trainer = try fixture.trainer(method, "run") { settings in
                change(&settings)
                settings.dtype = dtype
                settings.maxSteps = 1
            }
            #expect(try fixture.finish(trainer).steps == 1)
        }
    }

    /// Every step sees all records: what can be learnt by heart is, and every number of the run and
    /// of its validations is one.
    @Test(arguments: MethodFixture.all) func learns(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        let trainer = try fixture.trainer(method, "run", on: model) { settings in
            settings.validationFile = settings.trainFile
            settings.perDeviceTrainBatchSize = 12
            settings.learningRate = 5e-3
            (settings.maxSteps, settings.saveSteps) = (8, 8)
        }
        let outcome = try fixture.finish(trainer)
        #expect(outcome.skippedSteps == 0)
        let moved = model.decoder.adapterModules().filter { $0.b.norm().item(Double.self) > 0 }
        #expect(moved.count == model.decoder.adapterModules().count)
        let rows = try MetricsLog.rows(of: fixture.run("run").url.appending(path: "metrics.jsonl"))
        #expect(rows.flatMap(\.values).allSatisfy { $0.value.isFinite })
        let losses = try fixture.run("run").values("loss")
        #expect(losses.count == 8)
        if MethodRecords.purpose(of: method) != .prompts {
            #expect(try #require(losses.last) < losses[0], "\(losses)")
        }
        if method != "ppo" { #expect(try !fixture.run("run").values("eval_loss").isEmpty) }
    }

    /// Where the projector alone is trained, a micro-batch without images reaches nothing of it.
    @Test(arguments: MethodFixture.all) func projectorAlone(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let outcome = try fixture.finish(
            fixture.trainer(method, "run") { settings in
                Placement.projector.apply(to: &settings, .llava)
                settings.maxTokensPerMicroBatch = 1
                (settings.perDeviceTrainBatchSize, settings.maxSteps) = (2, 3)
            })
        #expect(outcome.steps == 3 && outcome.skippedSteps == 0)
        #expect(try fixture.run("run").values("grad_norm").contains { $0 > 0 })
    }

    /// A run in which nothing can be learnt says so.
    @Test func projectorWithoutImages() throws {
        let fixture = try MethodFixture(.llava)
        try fixture.write(
            MethodRecords.lines(.examples, withImages: false), to: "examples")
        let outcome = try fixture.finish(
            fixture.trainer("sft", "run") { settings in
                Placement.projector.apply(to: &settings, .llava)
                settings.maxSteps = 2
            })
        #expect(outcome.alarms == ["no record of the step reaches what is trained": 2])
    }

    /// Blocks of decoder and tower that are computed again draw the same dropout and give the same
    /// step.
    @Test(arguments: [Subject.llava, .qwen])
    func recomputationDoesNotMatter(subject: Subject) throws {
        let fixture = try MethodFixture(subject)
        func first(_ name: String, recomputing: Bool) throws -> [Double] {
            try fixture.finish(
                fixture.trainer("sft", name) { settings in
                    settings.maxSteps = 1
                    settings.gradientCheckpointing = recomputing
                    settings.loraDropout = 0.2
                })
            return try fixture.run(name).values("loss") + fixture.run(name).values("grad_norm")
        }
        let kept = try first("kept", recomputing: false)
        let computed = try first("computed", recomputing: true)
        #expect(zip(kept, computed).allSatisfy { abs($0 - $1) <= 1e-6 * $0 }, "\(kept) \(computed)")
    }

    /// From a projector and an adapter that were trained before: they are the reference too, so the
    /// first pairs lose log 2 and the first answers have not moved away.
    @Test func goesOnFromAnAdapter() throws {
        let fixture = try MethodFixture(.llava)
        func change(_ settings: inout TrainingSettings) {
            Placement.aboveTower.apply(to: &settings, .llava)
            settings.maxSteps = 2
        }
        try fixture.finish(fixture.trainer("sft", "first", change))
        let adapter = fixture.run("first").url.appending(path: "adapter").path
        for (method, curve, start) in [
            ("dpo", "loss", 0.693147), ("grpo", "kl", 0.0), ("ppo", "kl", 0.0),
        ] {
            try fixture.finish(
                fixture.trainer(method, method) { settings in
                    change(&settings)
                    settings.adapter = adapter
                })
            let value = try #require(try fixture.run(method).values(curve).first)
            #expect(abs(value - start) < 1e-6, "\(method)")
        }
    }

    /// Med-RLHF's way: a reward model that saw the images rewards answers to them, and the critic
    /// starts as it.
    @Test func rewardModelThatSees() throws {
        let fixture = try MethodFixture(.llava)
        try fixture.finish(fixture.trainer("reward", "judge") { $0.maxSteps = 2 })
        let judge = fixture.run("judge").url.appending(path: "adapter").path
        fixture.rewards = [.object(["type": .string("model"), "path": .string(judge)])]
        fixture.valueModel = judge
        let outcome = try fixture.finish(fixture.trainer("ppo", "run"))
        #expect(outcome.steps == 6 && outcome.skippedSteps == 0)
        let spread = try fixture.run("run").values("rewards/model/std")
        #expect(spread.count == 6 && spread.allSatisfy { $0 > 0 })
    }
}
