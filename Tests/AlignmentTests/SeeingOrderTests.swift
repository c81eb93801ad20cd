import Datasets
import Foundation
import Generation
import Models
import Testing
import Torch

@testable import Alignment

/// Record i sees image i: when the images of a file change places, exactly the numbers of their
/// records do. All records have the same text, so that nothing else tells them apart.
struct SeeingOrderTests {
    /// The images of records 0 to 3 afterwards: 0 sees what 1 saw, and so on; 3 keeps its own.
    private static let moved = [1, 2, 0, 3]
    private static let kept = [0, 1, 2, 3]

    /// Whether rows moved as their images did, and the others (two without an image) did not.
    private func expectMoved<Row: Equatable>(_ before: [Row], _ after: [Row]) {
        #expect(before.count == 6 && after.count == 6)
        for (index, source) in (Self.moved + [4, 5]).enumerated() {
            #expect(after[index] == before[source], "row \(index)")
        }
        for one in 0..<4 {
            for other in (one + 1)..<5 { #expect(before[one] != before[other], "\(one), \(other)") }
        }
        #expect(before[4] == before[5])
    }

    /// The same numbers of both orders of images.
    private func compare<Row: Equatable>(
        _ subject: Subject, _ purpose: MethodRecords.Purpose,
        _ rows: (MethodFixture, LanguageModel) throws -> [Row]
    ) throws {
        let fixture = try MethodFixture(subject)
        let model = try fixture.model()
        let results = try [Self.kept, Self.moved].map { images in
            try fixture.writeSameText(purpose, images: images)
            return try rows(fixture, model)
        }
        expectMoved(results[0], results[1])
    }

    @Test(arguments: [Subject.llava, .qwen], [4096, 1])
    func logProbabilities(subject: Subject, budget: Int) throws {
        try compare(subject, .examples) { fixture, model in
            try model.logProbabilities(of: fixture.examples(of: model), budget: budget)
        }
    }

    @Test(arguments: [Subject.llava, .qwen]) func pairs(subject: Subject) throws {
        try compare(subject, .pairs) { fixture, model in
            let sums = try withInference {
                try model.sums(of: fixture.pairs(of: model).map(\.group)).values(Float.self)
            }
            return stride(from: 0, to: sums.count, by: 2).map { [sums[$0], sums[$0 + 1]] }
        }
    }

    @Test(arguments: [Subject.llava, .qwen]) func scores(subject: Subject) throws {
        try compare(subject, .pairs) { fixture, model in
            let size = model.decoder.configuration.hiddenSize
            let head = ScoreHead(size: size, generator: Generator(seed: 3), device: .cpu)
            let judge = RewardModel(model, name: .default, head: head)
            let batch = PackedBatch(groups: try fixture.pairs(of: model).map(\.group))
            let scores = try withInference {
                try judge.scores(ofCompletions: batch).values(Float.self)
            }
            return stride(from: 0, to: scores.count, by: 2).map { [scores[$0], scores[$0 + 1]] }
        }
    }

    /// The likeliest answers follow their images.
    @Test(arguments: [Subject.llava, .qwen]) func answers(subject: Subject) throws {
        try compare(subject, .prompts) { fixture, model in try fixture.greedyAnswers(model) }
    }

    /// The steps of a run, of one record each, with adapters that never move: what it tells of a
    /// record belongs to the record's image.
    @Test(arguments: [
        ("sft", "loss"), ("dpo", "logps/chosen"), ("dpo", "logps/rejected"),
        ("orpo", "loss"), ("simpo", "loss"), ("reward", "mean_reward"),
    ])
    func steps(method: String, curve: String) throws {
        let purpose = MethodRecords.purpose(of: method)
        try compare(.llava, purpose) { fixture, model in
            let name = UUID().uuidString
            let trainer = try fixture.trainer(method, name) { settings in
                settings.perDeviceTrainBatchSize = 1
                settings.learningRate = 1e-30
                settings.saveSteps = 6
            }
            try fixture.finish(trainer)
            // A step is a record, in the order of the plan, which is that of both runs.
            let order = StepOrder(
                try BatchPlan(
                    lengths: [1, 1, 1, 1, 1, 1],
                    configuration: BatchConfiguration(batchSize: 1, seed: 42)))
            let values = try fixture.run(name).values(curve)
            #expect(values.count == 6)
            return (0..<values.count).map { step in (order.microBatches(ofStep: step)[0][0], step) }
                .sorted { $0.0 < $1.0 }.map { values[$0.1] }
        }
    }

    /// Records that change places with their images leave a step what it is.
    @Test(arguments: ["sft", "dpo", "reward"]) func wholeRecords(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let purpose = MethodRecords.purpose(of: method)
        func first(_ name: String, _ lines: [String]) throws -> [Double] {
            try fixture.write(lines, to: purpose.rawValue)
            try fixture.finish(
                fixture.trainer(method, name) { settings in
                    (settings.perDeviceTrainBatchSize, settings.maxSteps) = (12, 1)
                })
            return try fixture.run(name).values("loss") + fixture.run(name).values("grad_norm")
        }
        let lines = MethodRecords.lines(purpose, withImages: true)
        let one = try first("one", lines)
        let other = try first("other", lines.reversed())
        #expect(zip(one, other).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($0), 1) })
        let blank = try first("blank", MethodRecords.lines(purpose, withImages: false))
        #expect(one[1] != blank[1])
    }
}
