import Attribution
import FileFormats
import Foundation
import Generation
import Images
import TestSupport
import Testing
import Torch
import TorchTestSupport
import VisionTestSupport

@testable import Evaluation

/// The whole way through a tiny model that sees.
struct SeeingModelTests {
    private func withModel(
        _ body: (LanguageModel, VisionTask, URL) throws -> Void
    ) throws {
        try withFolder { folder in
            try body(TinyVLM.model(in: folder), TinyVLM.task(in: folder), folder)
        }
    }

    private func objective(
        _ model: LanguageModel, _ item: EvaluationItem, _ frame: AnswerFrame
    ) throws -> PixelObjective {
        try PixelObjective(model, Evaluator(model).scored(item, frame).group)
    }

    /// What attacks follow is what evaluations score, and it depends on the image.
    @Test func pixelsGiveTheScoresOfTheFile() throws {
        try withModel { model, task, _ in
            let asked = task.task(.noThink)
            let results = try Evaluator(model).likelihood(asked)
            for (number, item) in asked.items.enumerated() {
                let objective = try objective(model, item, asked.frame)
                let scores = try withoutGradients {
                    try objective.logLikelihoods(TinyVLM.picture(number).tensor)
                }.values(Double.self)
                for (option, score) in zip(item.options, scores) {
                    let told = try #require(results[number].scores?[option.label])
                    #expect(abs(told - score) < 1e-3, "\(told) \(score)")
                }
            }
            let other = try Evaluator(model).likelihood(
                asked.showing { _ in asked.items[1].images[0] })
            let gap = abs((other[0].scores?["B"] ?? 0) - (results[0].scores?["B"] ?? 0))
            #expect(gap > 1e-3)
            #expect(other[1].scores == results[1].scores)
        }
    }

    /// The gradient of a pixel is the slope of the log-likelihood, by central differences.
    @Test func gradientsAreSlopes() throws {
        try withModel { model, task, _ in
            let asked = task.task(.noThink)
            let objective = try objective(model, asked.items[0], asked.frame)
            let pixels = TinyVLM.picture(0).tensor
            pixels.requiresGrad = true
            let gradient = try #require(
                withGradients { try objective.logLikelihoods(pixels).select(0, 1) }
                    .gradients(for: [pixels])[0]
            ).values(Float.self)
            let values = pixels.values(Float.self)
            for place in [0, 100, 300, 517] {
                func score(_ change: Float) throws -> Double {
                    var moved = values
                    moved[place] += change
                    return try withoutGradients {
                        try objective.logLikelihoods(Tensor(moved, shape: pixels.shape))
                    }.values(Double.self)[1]
                }
                let slope = try (score(0.02) - score(-0.02)) / 0.04
                #expect(abs(slope - Double(gradient[place])) < 0.02 + 0.05 * abs(slope))
            }
        }
    }

    /// Attacks lower the gold answer's likelihood more than noise does; what they write is within
    /// epsilon, and a file says what the attack found.
    @Test func attacksDoWhatTheySay() throws {
        try withModel { model, task, folder in
            let asked = task.task(.noThink)
            let plan = AttackPlan(
                attacks: [.noise, .fgsm, .pgd], epsilons: [8], settings: AttackSettings())
            let attacker = try Attacker(model, plan, folder: folder.appending(path: "made"))
            let records = try attacker.attack(asked)
            #expect(records.allSatisfy { $0.error == nil && $0.findings.count == 3 })
            let evaluation = AttackEvaluation(
                asked, plan, records: records, folder: attacker.folder)
            var golds: [[Double]] = []
            let facts = AttackSummary.Facts(
                task: "t", template: .noThink, method: .likelihood, model: "m", adapter: nil)
            let (summary, _) = try evaluation.run(facts) { task in
                let results = try Evaluator(model).likelihood(task)
                golds.append(results.map { $0.scores?[$0.gold] ?? .nan })
                return results
            }
            #expect(summary.n == 3 && summary.errors.isEmpty)
            #expect(summary.points.allSatisfy { $0.largestChange <= 8 && $0.largestChange >= 7 })
            for item in 0..<3 {
                let (clean, noise) = (golds[0][item], golds[1][item])
                let (fgsm, pgd) = (golds[2][item], golds[3][item])
                #expect(pgd < clean && fgsm < clean && pgd < noise)
                let told = try #require(records[item].findings[2].loss)
                #expect(abs(told + pgd) < 0.15 * abs(clean - pgd) + 0.02, "\(told) \(pgd)")
                #expect(abs((records[item].loss ?? 0) + clean) < 1e-3)
            }
            // A second time nothing is done, but what is missing: here all images of question 0.
            let files = (0..<2).map { attacker.folder.appending(path: "\($0)-pgd-8.00.png") }
            let before = try files.map { try Data(contentsOf: $0) }
            try Data("kept".utf8).write(to: files[1])
            try FileManager.default.removeItem(at: files[0])
            #expect(try attacker.attack(asked) == records)
            #expect(try Data(contentsOf: files[0]) == before[0])
            #expect(try Data(contentsOf: files[1]) == Data("kept".utf8))
        }
    }

    /// The wrong option grows under its own goal; a question with two images is an error.
    @Test func goalsAndErrors() throws {
        try withModel { model, task, folder in
            let asked = task.task(.noThink)
            for goal in [AttackGoal.target, .options] {
                let plan = AttackPlan(
                    attacks: [.pgd], epsilons: [8], settings: AttackSettings(goal: goal))
                let place = folder.appending(path: goal.rawValue)
                let records = try Attacker(model, plan, folder: place).attack(asked)
                for record in records {
                    let found = try #require(record.findings.first?.loss)
                    #expect(found > record.loss ?? .infinity, "\(goal)")
                }
            }
            let twice = asked.items[0].with(
                images: asked.items[0].images + asked.items[0].images)
            let plan = AttackPlan(attacks: [.fgsm], epsilons: [2], settings: AttackSettings())
            let record = try Attacker(model, plan, folder: folder.appending(path: "two"))
                .attack(asked.with(items: [twice]))[0]
            #expect(record.error != nil && record.findings.isEmpty)
        }
    }

    /// Pictures of the image's size, one of them from the tower's attention.
    @Test func overlaysAreOfTheImage() throws {
        try withModel { model, task, _ in
            let asked = task.task(.noThink)
            let view = try Attributor(model).look(at: asked.items[0], asked.frame, answer: "A")
            #expect(view.answer == "A")
            let attention = try #require(view.attention)
            for png in [view.saliency, attention] {
                let image = try ImageFile.read(bytes: png, named: "overlay")
                #expect(image.width == TinyVLM.side && image.height == TinyVLM.side)
                #expect(image != TinyVLM.picture(0))
            }
        }
    }

    /// Replies are generated about the image, and read twice.
    @Test func generationSees() throws {
        try withModel { model, task, folder in
            let evaluation = VisionEvaluation(
                task, settings: VisionSettings(templates: [.plain], maximumTokens: 6),
                folder: folder.appending(path: "out"), identity: ["tiny"], names: ("m", nil))
            let (summary, results) = try evaluation.run(training: nil) { task in
                try Evaluator(model).generation(task, settings: .greedy(maximumTokens: 6))
            }
            #expect(summary.n == 3 && results[0].items.allSatisfy { $0.strict != nil })
            #expect(results[0].controls.count == 2)
            #expect(summary.templates[0].rows[0].controls.count { $0.accuracy != nil } == 3)
        }
    }

    @Test(.enabled(if: TestFiles.defaultModel != nil, "needs the default model"))
    func modelsOfTextAreRefused() throws {
        let model = try LanguageModel.load(
            try #require(TestFiles.defaultModel), dtype: .bfloat16, device: .cpu)
        #expect(throws: AttributionError.readsNoImages) { try Attributor(model) }
        let task = visionTask(1).task(.plain)
        let error = #expect(throws: EvaluationError.self) {
            try Evaluator(model).likelihood(task)
        }
        #expect(error?.description.contains("the model reads no images") == true)
    }
}
