import Foundation
import Generation
import Testing

@testable import Alignment

/// How often an image goes through the tower.
struct SeeingFeatureTests {
    /// Every step sees all records and so all images.
    private func train(
        _ fixture: MethodFixture, _ method: String, _ name: String, on model: LanguageModel,
        _ placement: Placement, steps: Int = 4
    ) throws {
        try fixture.finish(
            fixture.trainer(method, name, on: model) { settings in
                placement.apply(to: &settings, .llava)
                (settings.perDeviceTrainBatchSize, settings.maxSteps) = (12, steps)
                settings.saveSteps = steps
            })
    }

    /// Once a run where the tower is frozen: for chosen and rejected, for a group's answers, for
    /// the reference, the critic and every update. The run without that memory is the same to the
    /// bit.
    @Test(arguments: MethodFixture.all) func onceARun(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        try train(fixture, method, "kept", on: model, .aboveTower)
        #expect(model.vision?.encodedImages == MethodRecords.imageCount)
        let forgetful = try fixture.model()
        forgetful.vision?.cacheLimit = 0
        try train(fixture, method, "anew", on: forgetful, .aboveTower)
        #expect((forgetful.vision?.encodedImages ?? 0) >= 4 * MethodRecords.imageCount)
        let (kept, anew) = (fixture.run("kept"), fixture.run("anew"))
        #expect(try kept.weights == anew.weights)
        #expect(try kept.values("loss") == anew.values("loss"))
        #expect(try kept.values("grad_norm") == anew.values("grad_norm"))
    }

    /// A tower in training sees each of the 4 images once a step, also those of two records and of
    /// two answers; the reference, whose tower is frozen, once a run.
    @Test(arguments: [("sft", 3 * 4), ("reward", 3 * 4), ("orpo", 3 * 4), ("dpo", 3 * 4 + 4)])
    func onceAStepInTraining(method: String, expected: Int) throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        try train(fixture, method, "run", on: model, .everywhere, steps: 3)
        #expect(model.vision?.encodedImages == expected)
        let tower = model.decoder.adapterModules().filter { $0.path.contains("vision_tower") }
        #expect(!tower.isEmpty && tower.allSatisfy { $0.b.norm().item(Double.self) > 0 })
    }

    /// As many answers as there may be to a prompt, in more places than there are: one encoding.
    @Test func manyAnswersToAPrompt() throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        let data = try fixture.prompts(of: model)
        let prompt = try #require(data.first { $0.images.count == 2 })
        let request = GenerationRequest(
            tokens: prompt.tokens, images: prompt.images, samples: 8,
            settings: SamplingSettings(maximumTokens: 3))
        let answers = try GenerationEngine(model, width: 3).generate([request])
        #expect(answers[0].count == 8 && model.vision?.encodedImages == 2)
    }

    /// What is forgotten is the image that was not used for the longest time.
    @Test func memoryIsBounded() throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        let vision = try #require(model.vision)
        let prompts = try fixture.prompts(of: model)
        func see(_ indices: [Int]) throws -> Int {
            let before = vision.encodedImages
            for index in indices {
                let (tokens, images) = (prompts[index].tokens, prompts[index].images)
                let request = GenerationRequest(
                    tokens: tokens, images: images, settings: SamplingSettings(maximumTokens: 1))
                _ = try GenerationEngine(model).generate([request])
            }
            return vision.encodedImages - before
        }
        // Features of an image: 16 rows of 16 numbers of 4 bytes. Records 0, 1 and 3 have one each.
        vision.cacheLimit = 2 * 16 * 16 * 4
        #expect(try see([0, 1, 0, 1]) == 2)
        #expect(try see([3, 1]) == 1)
        #expect(try see([0]) == 1)
        vision.cacheLimit = 0
        #expect(try see([0, 0]) == 2)
    }
}
