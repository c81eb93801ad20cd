import Datasets
import Foundation
import Generation
import Layers
import Models
import Objectives
import Recipes
import Rewards
import Torch

/// What a batch of prompts became: answers and what rewards them.
struct Rollout {
    var groups: [RolloutGroup]
    var scores: RewardScores
    /// The answers' texts, in the order of the groups' completions.
    var texts: [String]
}

/// Draws answers with the policy as it is, and scores them.
struct RolloutSampler {
    let model: LanguageModel
    let settings: RolloutSettings
    let rewards: RewardPanel
    /// nil where the method compares with nothing.
    var reference: ReferencePolicy?
    /// Tokens that go through the model at once.
    let budget: Int
    /// Takes the likeliest token each time in place of drawing.
    var isGreedy = false
    /// Answers requests, so many sequences at once; a test puts another in its place.
    var generate: Generate = { model, width, requests in
        try GenerationEngine(model, width: width).generate(requests)
    }

    typealias Generate = (LanguageModel, Int, [GenerationRequest]) throws -> [[Completion]]

    /// - Parameters:
    ///   - prompts: each is answered `samples` times.
    ///   - seed: decides every draw.
    /// - Throws: ``GenerationError`` or ``RewardError``.
    func sample(_ prompts: [TokenizedPrompt], samples: Int, seed: UInt64) throws -> Rollout {
        var sampling = settings.sampling(seed: seed)
        if isGreedy { sampling.temperature = 0 }
        let completions = try generate(
            model, settings.generationBatchSize,
            prompts.map {
                GenerationRequest(
                    tokens: $0.tokens, images: $0.images, samples: samples, settings: sampling,
                    id: $0.id)
            })
        var groups = zip(prompts, completions).map { prompt, answers in
            RolloutGroup(
                id: prompt.id, prompt: prompt.tokens, images: prompt.images,
                completions: answers.map(SampledCompletion.init))
        }
        if let reference {
            try reference.run(on: model) {
                try score(&groups, groups.microBatches(ofTokens: budget)) { $0.reference = $1 }
            }
        }
        return Rollout(
            groups: groups, scores: try rewards.scores(of: Self.inputs(prompts, completions)),
            texts: completions.flatMap { $0.map(\.text) })
    }

    /// Computes log-probabilities once more the way that training does, with the weights that
    /// sampled: with the micro-batches of the first pass of updates, on which they may depend.
    ///
    /// - Parameter promptsPerStep: what each update takes.
    func recompute(_ groups: inout [RolloutGroup], promptsPerStep: Int) throws {
        let steps = stride(from: 0, to: groups.count, by: promptsPerStep).map {
            Array(groups[$0..<min($0 + promptsPerStep, groups.count)])
        }
        try score(&groups, steps.flatMap { $0.microBatches(ofTokens: budget) }) {
            $0.differing = $0.sampled
            $0.logProbabilities = $1
        }
    }

    /// Hands over the log-probabilities under the policy that is active now.
    private func score(
        _ groups: inout [RolloutGroup], _ batches: [[RolloutGroup]],
        _ take: (inout SampledCompletion, [Float]) -> Void
    ) throws {
        let values = try withInference {
            try batches.flatMap { part in
                let batch = PackedBatch(groups: part.map(\.tokens))
                return try model.scores(of: batch, temperature: settings.temperature)
                    .logProbabilities.values(Float.self)
            }
        }
        var start = 0
        for index in groups.indices {
            for completion in groups[index].completions.indices {
                let count = groups[index].completions[completion].tokens.count
                take(&groups[index].completions[completion], Array(values[start..<(start + count)]))
                start += count
            }
        }
    }

    private static func inputs(
        _ prompts: [TokenizedPrompt], _ completions: [[Completion]]
    ) -> [RewardInput] {
        zip(prompts, completions).flatMap { prompt, answers in
            answers.map { answer in
                RewardInput(
                    id: prompt.id, prompt: prompt.prompt,
                    images: prompt.images.map(\.reference), completion: answer.text,
                    completionTokens: answer.tokenIDs.count,
                    isTruncated: answer.finishReason == .length, columns: prompt.columns)
            }
        }
    }
}

extension RewardScores {
    /// A row for each completion, a column for each reward.
    var rows: [[Double?]] {
        (0..<(columns.first?.count ?? 0)).map { row in columns.map { $0[row] } }
    }
}

extension Rollout {
    /// Puts other groups in the places of some.
    mutating func replace(_ places: [Int], by other: Rollout, groupSize: Int) {
        var columns = scores.columns
        for (source, target) in places.enumerated() {
            groups[target] = other.groups[source]
            let from = (source * groupSize)..<((source + 1) * groupSize)
            let to = (target * groupSize)..<((target + 1) * groupSize)
            texts.replaceSubrange(to, with: other.texts[from])
            for column in columns.indices {
                columns[column].replaceSubrange(to, with: other.scores.columns[column][from])
            }
        }
        scores = RewardScores(names: scores.names, weights: scores.weights, columns: columns)
    }

    /// Its curves under TRL's names.
    func metrics(_ advantages: AdvantageBatch) -> [String: Double] {
        var values = curves
        if let moments = advantages.rewardMoments {
            values[MetricName.reward] = moments.mean
            values["reward_std"] = moments.deviation ?? 0
        }
        values["frac_reward_zero_std"] = advantages.zeroSpreadShare
        return values
    }

    /// What every method logs of a rollout: lengths, each reward, and the divergence from the
    /// reference where there is one.
    var curves: [String: Double] {
        var values = lengths
        values[MetricName.divergence] = divergence
        for (name, column) in zip(scores.names, scores.columns) {
            guard let moments = Moments(column) else { continue }
            values["rewards/\(name)/mean"] = moments.mean
            values["rewards/\(name)/std"] = moments.deviation ?? 0
        }
        return values
    }

    /// Mean over tokens of log pi - log ref when they were sampled; nil without a reference.
    private var divergence: Double? {
        let completions = groups.flatMap(\.completions)
        let tokens = completions.reduce(0) { $0 + $1.reference.count }
        return tokens == 0
            ? nil : completions.reduce(0) { $0 + $1.divergence } / Double(tokens)
    }

    /// Lengths of the completions in tokens, and the share that was cut off.
    private var lengths: [String: Double] {
        let completions = groups.flatMap(\.completions)
        let lengths = completions.map { Double($0.tokens.count) }
        let count = Double(max(completions.count, 1))
        return [
            MetricName.meanLength: lengths.reduce(0, +) / count,
            "completions/min_length": lengths.min() ?? 0,
            "completions/max_length": lengths.max() ?? 0,
            MetricName.clippedRatio: Double(completions.count(where: \.isTruncated)) / count,
        ]
    }
}
