import Datasets
import Foundation
import Recipes
import Testing

@testable import Alignment

/// What KTO estimates the divergence from.
struct MismatchTests {
    private func record(_ id: String, prompt: Int32, _ completion: Int32) -> TokenizedJudgement {
        TokenizedJudgement(
            id: id, line: 1, identity: 1, prompt: [prompt], completion: [completion],
            isDesirable: true)
    }

    private func partners(
        _ records: [TokenizedJudgement], elsewhere: [TokenizedJudgement] = []
    ) -> [String] { records.partners(elsewhere: elsewhere).map(\.id) }

    @Test func promptsGetTheCompletionBefore() {
        let records = [
            record("a", prompt: 1, 11), record("b", prompt: 2, 12), record("c", prompt: 3, 13),
        ]
        #expect(partners(records) == ["c", "a", "b"])
        #expect(partners([]).isEmpty)
    }

    /// The nearest to another prompt; else another completion to the same; else there is nothing.
    @Test func singleRecordLooksElsewhere() {
        let only = record("a", prompt: 1, 11)
        let same = record("b", prompt: 1, 12)
        let others = [same, record("c", prompt: 2, 13), record("d", prompt: 3, 14)]
        #expect(partners([only], elsewhere: others) == ["c"])
        #expect(partners([only], elsewhere: [only, same]) == ["b"])
        #expect(partners([only], elsewhere: [only]).isEmpty)
    }

    /// Five records in steps of two: 2 + 2 + 1. Those before a step, cyclic within its epoch.
    @Test func recordsBeforeAStep() throws {
        let configuration = BatchConfiguration(batchSize: 2, seed: 3)
        let order = StepOrder(
            try BatchPlan(lengths: [4, 4, 4, 4, 4], configuration: configuration))
        for epoch in 0..<2 {
            let steps = (0..<3).map { order.microBatches(ofStep: 3 * epoch + $0).flatMap { $0 } }
            let flat = steps.flatMap { $0 }
            #expect(Set(flat).count == 5 && steps[2].count == 1)
            for (step, records) in steps.enumerated() {
                let start = 2 * step
                let before = flat[..<start].reversed() + flat[(start + records.count)...].reversed()
                #expect(Array(order.recordsBefore(step: 3 * epoch + step)) == Array(before))
            }
        }
        let one = StepOrder(try BatchPlan(lengths: [4], configuration: configuration))
        #expect(Array(one.recordsBefore(step: 5)).isEmpty)
    }

    /// Steps of one record each: once the policy has moved, some of the estimates are above 0.
    @Test func stepsOfOneRecord() throws {
        let fixture = try MethodFixture(.llava)
        func run(_ name: String, _ lossType: KTOLossType) throws -> [Double] {
            var recipe = KTORecipe()
            fixture.shared(&recipe.settings, name, data: "pairs")
            recipe.method.lossType = lossType
            recipe.settings.perDeviceTrainBatchSize = 1
            recipe.settings.learningRate = 2e-2
            recipe.settings.maxSteps = 12
            let trainer = try KTOTrainer(recipe, model: fixture.model()) { _ in }
            try fixture.finish(trainer)
            return try fixture.run(name).values("kl")
        }
        let estimates = try run("kto", .kto)
        #expect(estimates.count == 12 && estimates[0] == 0)
        #expect(estimates.contains { $0 > 1e-3 }, "\(estimates)")
        #expect(try run("apo", .apoZeroUnpaired).allSatisfy { $0 == 0 })
    }

    /// A step of one record goes on bit by bit as well: its partner is the order's.
    @Test func resumesBitByBit() throws {
        try MethodFixture(.llava).expectResumption("kto") { settings in
            (settings.perDeviceTrainBatchSize, settings.learningRate) = (1, 2e-2)
        }
    }

    @Test func singleRecordIsToldOf() throws {
        let fixture = try MethodFixture(.llava)
        try fixture.write(
            [#"{"prompt": "P", "completion": " C", "label": true}"#], to: "pairs")
        var (recipe, warnings) = (KTORecipe(), [String]())
        fixture.shared(&recipe.settings, "run", data: "pairs")
        _ = try KTOTrainer(recipe, model: fixture.model()) { warnings.append($0) }
        #expect(warnings.count == 2 && warnings[1].contains("one record only"))
    }
}
