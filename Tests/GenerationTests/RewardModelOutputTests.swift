import Checkpoints
import Foundation
import Generation
import Models
import TestSupport
import Testing
import Torch

/// A reward model on the default model. With `REWARD_OUTPUT` set, adapter and scores stay in that
/// folder for `Scripts/reference/check_reward_model.py`.
@Suite(.serialized, .enabled(if: RealModel.isPresent, RealModel.reason))
struct RewardModelOutputTests {
    private struct Row: Codable {
        let tokens: [Int32]
        let score: Double
    }

    private func output() throws -> URL {
        guard let path = ProcessInfo.processInfo.environment["REWARD_OUTPUT"] else {
            return try TestFiles.scratchFolder()
        }
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test func writtenAndReadBack() throws {
        let real = try RealModel()
        let decoder = real.model.decoder
        var configuration = AdapterConfiguration(
            baseModel: "smollm2-135m",
            rank: 8,
            alpha: 16,
            dropout: 0,
            rankStabilised: false,
            targets: ["all-linear"],
            taskType: .sequenceClassification
        )
        try decoder.attachAdapters(configuration, seed: 1, name: "reward")
        configuration.targets = decoder.adaptedNames("reward")
        let generator = Generator(seed: 2)
        for module in decoder.adapterModules("reward") {
            let noise = Tensor.randn(module.b.shape, generator: generator) * 0.02
            withoutGradients { _ = module.b.copy_(noise) }
        }
        let head = ScoreHead(size: decoder.configuration.hiddenSize, generator: generator)
        let reward = RewardModel(real.model, name: "reward", head: head)
        let sequences = try real.prompts()
        let scores = try reward.scores(of: sequences)
        #expect(Set(scores).count == sequences.count && scores.allSatisfy(\.isFinite))

        let folder = try output()
        let modules = decoder.adapterModules("reward")
        try AdapterFiles.write(configuration, modules, score: head.weight, to: folder)
        let again = try RewardModel.load(folder, onto: real.model, name: "again")
        #expect(try again.scores(of: sequences) == scores)
        let rows = zip(sequences, scores).map(Row.init)
        try JSONEncoder().encode(rows).write(to: folder.appending(path: "scores.json"))
    }
}
