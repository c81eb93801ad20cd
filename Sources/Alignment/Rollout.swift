import Datasets
import Generation
import Records

/// One sampled answer, as the update needs it.
struct SampledCompletion: Codable, Equatable {
    let tokens: [Int32]
    /// log p of each token under the policy that sampled it, as training computes it.
    var logProbabilities: [Float]
    /// Whether it ran into the length limit before it ended.
    let isTruncated: Bool
    /// log p of each token under the reference; empty where the method needs none.
    var reference: [Float] = []
    /// `logProbabilities` as sampling computed them, where that is another arithmetic; else empty.
    var differing: [Float] = []

    /// `logProbabilities` as sampling computed them.
    var sampled: [Float] { differing.isEmpty ? logProbabilities : differing }
}

extension SampledCompletion {
    init(_ completion: Completion) {
        self.init(
            tokens: completion.tokenIDs, logProbabilities: completion.logProbabilities,
            isTruncated: completion.finishReason == .length)
    }
}

/// A prompt with its answers.
struct RolloutGroup: Codable, Equatable {
    let id: String
    let prompt: [Int32]
    /// The images among the prompt's tokens.
    var images: [PlacedImage] = []
    var completions: [SampledCompletion]
    /// One a completion; empty where they are not known yet or lie elsewhere.
    var advantages: [Double] = []

    /// Tokens that go through the model in an update.
    var tokenCount: Int { prompt.count + completions.reduce(0) { $0 + $1.tokens.count } }

    /// The same cut into pieces of at most `limit` tokens, one answer at least, each with the
    /// prompt.
    func pieces(ofTokens limit: Int) -> [RolloutGroup] {
        var result: [RolloutGroup] = []
        var tokens = 0
        for (index, completion) in completions.enumerated() {
            if result.isEmpty || tokens + completion.tokens.count > limit {
                result.append(RolloutGroup(id: id, prompt: prompt, images: images, completions: []))
                tokens = prompt.count
            }
            result[result.count - 1].completions.append(completion)
            if !advantages.isEmpty {
                result[result.count - 1].advantages.append(advantages[index])
            }
            tokens += completion.tokens.count
        }
        return result
    }

    var tokens: PromptGroup {
        PromptGroup(
            prompt: prompt, completions: completions.map(\.tokens), id: id, images: images)
    }
}

extension [RolloutGroup] {
    /// Whether the log-probabilities of sampling are other numbers than those of training.
    var isCorrected: Bool { contains { $0.completions.contains { !$0.differing.isEmpty } } }

    /// log p of all tokens as sampling computed them.
    var sampled: [Float] { flatMap { $0.completions.flatMap(\.sampled) } }

    /// Micro-batches of at most `limit` tokens; 0 makes one of all.
    func microBatches(ofTokens limit: Int) -> [[RolloutGroup]] {
        guard limit > 0 else { return [self] }
        return flatMap { $0.pieces(ofTokens: limit) }.chunks(ofTokens: limit, count: \.tokenCount)
    }
}

extension SampledCompletion {
    /// log pi - log ref when it was sampled, summed over its tokens; 0 without a reference.
    var divergence: Double {
        zip(logProbabilities, reference).reduce(0) { $0 + Double($1.0) - Double($1.1) }
    }
}
