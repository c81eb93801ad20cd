import Checkpoints
import FileFormats
import Foundation
import Generation
import Models
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// The tiny reward model that PEFT wrote, beside other adapters.
struct RewardModelTests {
    private static let models = TestFiles.fixtures.appending(path: "models")
    private let folder: URL
    private let model: LanguageModel
    private let expected: SafetensorsWeights
    private let sequences: [[Int32]]

    /// tiny-llama has no tokenizer of its own; scores need none, a language model does.
    init() throws {
        startEngine()
        folder = try TestFiles.scratchFolder()
        let tokenizer = TestFiles.fixtures.appending(path: "tokenizers/tiny-smollm")
        for file in [
            Self.models.appending(path: "tiny-llama/config.json"),
            Self.models.appending(path: "tiny-llama/model.safetensors"),
            tokenizer.appending(path: "tokenizer.json"),
            tokenizer.appending(path: "tokenizer_config.json"),
        ] {
            let copy = folder.appending(path: file.lastPathComponent)
            try FileManager.default.copyItem(at: file, to: copy)
        }
        model = try LanguageModel.load(folder, dtype: .float32, device: .cpu)
        expected = try SafetensorsWeights(
            url: Self.models.appending(path: "tiny-reward/expected.safetensors")
        )
        let tokens = try expected.tensor("tokens")
        sequences = (0..<2).map { tokens.select(0, $0).values(Int32.self) }
    }

    private func reward() throws -> RewardModel {
        try RewardModel.load(
            Self.models.appending(path: "tiny-reward"),
            onto: model,
            name: "reward"
        )
    }

    private func logits() -> Tensor {
        withInference { model.decoder.logits(model.decoder.hidden(TokenBatch(sequences))) }
    }

    @Test func scoresAreReadAtTheLastToken() throws {
        let reward = try reward()
        let last = try expected.tensor("logits").values(Double.self)
        let every = try expected.tensor("scores")
        let scores = try reward.scores(of: sequences)
        #expect(zip(scores, last).allSatisfy { abs($0 - $1) < 1e-5 })
        for length in [1, 7, 23] {
            let scores = try reward.scores(of: sequences.map { Array($0.prefix(length)) })
            let there = every.select(1, length - 1).values(Double.self)
            #expect(zip(scores, there).allSatisfy { abs($0 - $1) < 1e-5 })
        }
        #expect(try reward.scores(of: [[Int32]]()).isEmpty)
    }

    /// A head that gives no numbers: the first sequence is named.
    @Test func scoresThatAreNoNumbers() throws {
        _ = try reward()
        let weight = Tensor.full([1, model.decoder.configuration.hiddenSize], .infinity)
        let broken = RewardModel(model, name: "reward", head: ScoreHead(weight: weight))
        #expect(throws: ScoringError.notFinite(record: "line 1")) {
            try broken.scores(of: sequences)
        }
    }

    /// Neither company nor budget changes a score, in any bit.
    @Test func batchesDoNotMatter() throws {
        let reward = try reward()
        let many = (1...24).flatMap { length in sequences.map { Array($0.prefix(length)) } }
        let together = try reward.scores(of: many)
        #expect(try reward.scores(of: many, budget: 1) == together)
        #expect(try reward.scores(of: many, budget: 100) == together)
    }

    @Test func otherAdaptersAreNotTouched() throws {
        let base = logits()
        try model.attachAdapter(Self.models.appending(path: "tiny-lora"))
        let policy = logits()
        let reward = try reward()
        #expect(model.decoder.adapters.active == .default)
        let scores = try reward.scores(of: sequences)
        #expect(logits().isIdentical(to: policy))
        #expect(distance(policy, base) > 0.1)
        let within = try model.decoder.adapters.disabled { try reward.scores(of: sequences) }
        #expect(within == scores)
    }

    @Test func trainsAdapterAndHeadAlone() throws {
        try model.attachAdapter(Self.models.appending(path: "tiny-lora"))
        let reward = try reward()
        let batch = TokenBatch(sequences)
        let scores = try reward.scores(of: batch, images: [], at: batch.lastRows)
        #expect(distance(scores, try expected.tensor("logits")) < 1e-5)
        (scores.select(0, 1) - scores.select(0, 0)).sigmoid().log().backward()
        let name = "gradient.base_model.model.score.weight"
        let head = try #require(reward.head.weight.grad)
        #expect(head.shape == (try expected.tensor(name)).shape)
        let modules = model.decoder.adapterModules("reward")
        #expect(modules.allSatisfy { $0.a.grad != nil && $0.b.grad != nil })
        #expect(model.decoder.adapterModules().allSatisfy { $0.a.grad == nil })
    }

    @Test func scoresWithoutDropout() throws {
        var (configuration, modules, score, _) = try AdapterFiles.read(
            Self.models.appending(path: "tiny-reward")
        )
        configuration.dropout = 0.5
        try model.decoder.attachAdapters(configuration, modules, name: "reward")
        let head = ScoreHead(weight: try #require(score))
        let reward = RewardModel(model, name: "reward", head: head)
        let before = try reward.scores(of: sequences)
        model.decoder.adapters.dropoutGenerator = Generator(seed: 1)
        #expect(try reward.scores(of: sequences) == before)
        let batch = TokenBatch(sequences)
        let dropped = try reward.scores(of: batch, images: [], at: batch.lastRows)
            .values(Double.self)
        #expect(dropped != before)
    }

    /// What is written is the same reward model.
    @Test func writtenAndReadBack() throws {
        let reward = try reward()
        let configuration = try AdapterConfiguration(
            folder: Self.models.appending(path: "tiny-reward")
        )
        let copy = folder.appending(path: "copy")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        let modules = model.decoder.adapterModules("reward")
        try AdapterFiles.write(configuration, modules, score: reward.head.weight, to: copy)
        let again = try RewardModel.load(copy, onto: model, name: "again")
        #expect(try again.scores(of: sequences) == reward.scores(of: sequences))
    }

    @Test func adaptersOfTheOtherKind() throws {
        let plain = #expect(throws: FormatError.self) {
            try RewardModel.load(
                Self.models.appending(path: "tiny-lora"),
                onto: model,
                name: "reward"
            )
        }
        #expect(plain?.reason == "CAUSAL_LM has no score head; a reward model is SEQ_CLS")
        let scored = #expect(throws: FormatError.self) {
            try model.attachAdapter(Self.models.appending(path: "tiny-reward"))
        }
        #expect(scored?.item == "task_type")
        let wide = folder.appending(path: "wide")
        try FileManager.default.createDirectory(at: wide, withIntermediateDirectories: true)
        let configuration = try AdapterConfiguration(
            folder: Self.models.appending(path: "tiny-reward")
        )
        try AdapterFiles.write(configuration, [], score: .ones([1, 33]), to: wide)
        let error = #expect(throws: AdapterError.self) {
            try RewardModel.load(wide, onto: model, name: "reward")
        }
        #expect(error == .shape(module: "score", expected: [1, 32], found: [1, 33]))
    }
}
