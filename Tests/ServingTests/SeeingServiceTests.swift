import Foundation
import Generation
import Images
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport
import VisionTestSupport

@testable import Serving

/// Requests with images, on a tiny model that sees.
@Suite(.serialized)
struct SeeingServiceTests {
    private let model: LanguageModel
    private let service: ModelService
    private let folder: URL
    private let prompt = [Message(role: "user", content: "What is it?")]

    init() throws {
        folder = try TestFiles.scratchFolder()
        model = try TinyVLM.model(in: folder)
        service = ModelService(model)
    }

    /// A file with a picture of this number.
    private func image(_ number: Int) throws -> ImageReference {
        let file = folder.appending(path: "\(number).png")
        try Data(PNGFile.bytes(of: TinyVLM.picture(number))).write(to: file)
        return ImageReference(path: file.path)
    }

    private func replies(
        _ operation: EngineRequest.Operation, of service: ModelService? = nil
    ) -> [EngineReply] {
        (service ?? self.service).replies(to: operation)
    }

    private func score(_ images: [[ImageReference]]) throws -> [Double] {
        let items = images.map {
            EngineScore.Item(prompt: prompt, images: $0, completions: ["A nodule."])
        }
        let replies = replies(.score(EngineScore(adapter: nil, items: items)))
        guard case .scores(let scores)? = replies.first else {
            throw ModelServiceTests.Unexpected(description: "\(replies)")
        }
        return scores.logProbabilities.map { $0[0] }
    }

    private func sample(_ images: [ImageReference]) throws -> EngineCompletion {
        let replies = replies(
            .sample(
                EngineSample(
                    adapter: nil, prompt: prompt, images: images, temperature: 0, topP: 1,
                    repetitionPenalty: 1, maxTokens: 6)))
        for case .completion(let completion) in replies { return completion }
        throw ModelServiceTests.Unexpected(description: "\(replies)")
    }

    /// Each item is scored with its own images, in their order.
    @Test func scoresAreOfTheImages() throws {
        let (a, b) = (try image(0), try image(1))
        let scores = try score([[a], [b], [], [a, b], [b, a], [a]])
        #expect(Set(scores).count == 5)
        #expect(scores[0] == scores[5])
    }

    @Test func answersAreDrawnToTheImage() throws {
        let (a, b) = (try sample([image(0)]), try sample([image(1)]))
        #expect(a.logProbability != b.logProbability)
        #expect(try sample([image(0)]) == a)
    }

    @Test func aRankingIsJudgedWithTheImage() throws {
        let a = try image(0)
        let judge = EngineJudge(
            adapter: nil, reference: nil, prompt: prompt, images: [a],
            completions: ["A nodule.", "Nothing."], ranks: [1, 2])
        guard case .judgement(let judgement)? = replies(.judge(judge)).first else {
            Issue.record("not judged")
            return
        }
        #expect(try abs(judgement.logPolicy[0] - score([[a]])[0]) < 1e-3)
        #expect(try abs(judgement.logPolicy[0] - score([[image(1)]])[0]) > 1e-3)
        #expect(try #require(judgement.gradientNorm) > 0)
    }

    private func overlay(
        _ map: OverlayMap, _ answer: String, _ images: [ImageReference], place: Int = 0
    ) throws -> Data {
        let replies = replies(
            .explain(
                EngineExplain(
                    adapter: nil, prompt: prompt, images: images, completion: answer,
                    place: place, map: map)))
        guard case .overlay(let overlay)? = replies.first else {
            throw ModelServiceTests.Unexpected(description: "\(replies)")
        }
        #expect(replies.last == .done)
        return overlay.png
    }

    /// Saliency is of the answer, attention of the image alone; both are of the image's size.
    @Test func overlaysShowWhereItLooked() throws {
        let (a, b) = (try image(0), try image(1))
        let nodule = try overlay(.saliency, "A nodule.", [a])
        #expect(try nodule != overlay(.saliency, "Nothing at all.", [a]))
        #expect(try nodule != overlay(.saliency, "A nodule.", [a, b]))
        let attention = try overlay(.attention, "A nodule.", [a])
        #expect(try attention == overlay(.attention, "Nothing at all.", [a]))
        #expect(try attention == overlay(.attention, "A nodule.", [b, a], place: 1))
        #expect(try attention != overlay(.attention, "A nodule.", [b, a], place: 0))
        for png in [nodule, attention] {
            let read = try ImageFile.read(bytes: [UInt8](png), named: "overlay")
            #expect(read.width == TinyVLM.side && read.height == TinyVLM.side)
            #expect(read != TinyVLM.picture(0))
        }
    }

    @Test func aFaultNamesNoFile() throws {
        let file = folder.appending(path: "J. Doe.png")
        try Data("no image".utf8).write(to: file)
        let broken = ImageReference(path: file.path)
        let item = EngineScore.Item(prompt: prompt, images: [broken], completions: ["x"])
        let operations: [EngineRequest.Operation] = [
            .sample(EngineSample(adapter: nil, prompt: prompt, images: [broken])),
            .score(EngineScore(adapter: nil, items: [item])),
            .explain(
                EngineExplain(
                    adapter: nil, prompt: prompt, images: [broken], completion: "x", place: 0,
                    map: .attention)),
        ]
        for operation in operations {
            #expect(
                replies(operation) == [
                    .error(message: "an image: is neither PNG, JPEG, WebP nor DICOM")
                ])
        }
        let beyond = EngineExplain(
            adapter: nil, prompt: prompt, images: [try image(0)], completion: "x", place: 1,
            map: .saliency)
        guard case .error? = replies(.explain(beyond)).first else {
            Issue.record("there is no second image")
            return
        }
    }

    @Test(.enabled(if: TestFiles.defaultModel != nil, "needs .models"))
    func aModelOfTextRefusesImages() throws {
        let text = ModelService(
            try LanguageModel.load(
                try #require(TestFiles.defaultModel), dtype: .bfloat16, device: .cpu))
        #expect(!text.readsImages && service.readsImages)
        let seen = try image(0)
        let item = EngineScore.Item(prompt: prompt, images: [seen], completions: ["x"])
        for operation in [
            EngineRequest.Operation.sample(
                EngineSample(adapter: nil, prompt: prompt, images: [seen])),
            .score(EngineScore(adapter: nil, items: [item])),
            .explain(
                EngineExplain(
                    adapter: nil, prompt: prompt, images: [seen], completion: "x", place: 0,
                    map: .saliency)),
        ] {
            #expect(
                replies(operation, of: text) == [.error(message: "the model reads no images")])
        }
    }
}
