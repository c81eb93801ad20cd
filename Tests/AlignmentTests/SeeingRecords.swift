import Datasets
import Foundation
import Generation
import Recipes
import Rewards

@testable import Alignment

/// A file's records as the trainers read them.
extension MethodFixture {
    private func settings(_ purpose: MethodRecords.Purpose) -> TrainingSettings {
        var settings = TrainingSettings()
        shared(&settings, "none", data: purpose.rawValue)
        return settings
    }

    func examples(of model: LanguageModel) throws -> [TokenizedExample] {
        let settings = settings(.examples)
        return try TrainingData(settings, ExampleTokenizer(settings, model)) { _ in }.training
    }

    func pairs(of model: LanguageModel) throws -> [TokenizedPair] {
        let settings = settings(.pairs)
        return try TrainingData(settings, PairTokenizer(settings, model)) { _ in }.training
    }

    func prompts(of model: LanguageModel) throws -> [TokenizedPrompt] {
        let settings = settings(.prompts)
        var rollouts = RolloutSettings()
        rollout(&rollouts)
        let tokenizer = PromptTokenizer(settings, rollouts, model)
        return try TrainingData(settings, tokenizer) { _ in }.training
    }

    /// The likeliest answers, drawn all at once.
    func greedyAnswers(_ model: LanguageModel) throws -> [[Int32]] {
        var settings = RolloutSettings()
        rollout(&settings)
        let sampler = RolloutSampler(
            model: model, settings: settings,
            rewards: try RewardPanel(settings.specifications(), model: model), budget: 0,
            isGreedy: true)
        return try sampler.sample(prompts(of: model), samples: 1, seed: 0).groups
            .map { $0.completions[0].tokens }
    }

    /// Records with one text and an image each, and two without images.
    func writeSameText(_ purpose: MethodRecords.Purpose, images: [Int]) throws {
        let texts =
            switch purpose {
            case .examples: #""prompt": "What is it?", "completion": " A lung.""#
            case .pairs: #""prompt": "What is it?", "chosen": " A lung.", "rejected": " Bone.""#
            case .prompts: #""prompt": [{"role": "user", "content": "What is it?"}]"#
            }
        let shown = images.map { [$0] } + [[], []]
        try write(
            shown.enumerated().map { index, images in
                #"{"id": "r\#(index)", \#(MethodRecords.column(images))\#(texts)}"#
            }, to: purpose.rawValue)
    }
}
