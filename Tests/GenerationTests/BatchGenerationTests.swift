import Datasets
import Generation
import Testing
import Torch

/// Answers do not depend on who shares the batch.
@Suite(.serialized, .enabled(if: RealModel.isPresent, RealModel.reason))
struct BatchGenerationTests {
    private let real: RealModel

    init() throws { real = try RealModel() }

    private static let sampled = SamplingSettings(
        temperature: 0.9,
        topP: 0.95,
        maximumTokens: 16,
        seed: 7
    )

    @Test func greedyBatchEqualsOneByOne() throws {
        let prompts = try real.prompts()
        let together = try real.generate(
            prompts.map { GenerationRequest(tokens: $0) },
            .greedy(maximumTokens: 24)
        )
        #expect(together.map(\.count) == [1, 1, 1])
        for (prompt, answers) in zip(prompts, together) {
            let alone = try real.greedy(prompt, 24)
            #expect(answers[0].tokenIDs == alone.tokenIDs && answers[0].text == alone.text)
            let pairs = zip(answers[0].logProbabilities, alone.logProbabilities)
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 })
        }
    }

    /// One prefill serves all samples, however many are decoded at once.
    @Test func samplesOfOnePromptAtAnyWidth() throws {
        let request = GenerationRequest(
            tokens: try real.prompts()[0], samples: 5, settings: Self.sampled)
        let answers = try [1, 2, 16].map { width in
            let engine = GenerationEngine(real.model, width: width)
            let completions = try engine.generate([request])[0]
            #expect(engine.timings.prefillTokens == request.tokens.count)
            return completions
        }
        #expect(answers[0].map(\.sample) == [0, 1, 2, 3, 4])
        #expect(Set(answers[0].map(\.tokenIDs)).count > 1)
        for other in answers.dropFirst() {
            #expect(other.map(\.tokenIDs) == answers[0].map(\.tokenIDs))
        }
    }

    @Test func neighboursDoNotChangeDrawsAndSeedsDo() throws {
        let prompts = try real.prompts()
        let request = GenerationRequest(tokens: prompts[0], samples: 2)
        let alone = try real.generate([request], Self.sampled)
        let others = prompts.dropFirst().map { GenerationRequest(tokens: $0, samples: 3) }
        let together = try real.generate([request] + others, Self.sampled, width: 4)
        #expect(together.map(\.count) == [2, 3, 3])
        #expect(together[0].map(\.tokenIDs) == alone[0].map(\.tokenIDs))
        var settings = Self.sampled
        settings.seed = 8
        let reseeded = try real.generate([request], settings)
        #expect(reseeded[0].map(\.tokenIDs) != alone[0].map(\.tokenIDs))
    }

    /// Three prompts of 5, 1 and 4 samples through two places.
    @Test func moreSamplesThanPlaces() throws {
        let counts = [5, 1, 4]
        let requests = zip(try real.prompts(), counts).map { prompt, count in
            GenerationRequest(tokens: prompt, samples: count)
        }
        let narrow = try real.generate(requests, Self.sampled, width: 2)
        #expect(narrow.map(\.count) == counts)
        for (index, answers) in narrow.enumerated() {
            #expect(answers.map(\.prompt) == answers.map { _ in index })
            #expect(answers.map(\.sample) == Array(answers.indices))
        }
        let wide = try real.generate(requests, Self.sampled, width: 16)
        #expect(narrow.map { $0.map(\.tokenIDs) } == wide.map { $0.map(\.tokenIDs) })
    }

    /// Decoding through the cache computes what training computes: the same arithmetic, in bf16 too.
    @Test(arguments: [DType.float32, .bfloat16])
    func logProbabilitiesAgreeWithScoring(dtype: DType) throws {
        let real = try RealModel(dtype: dtype)
        let requests = try real.prompts().map { GenerationRequest(tokens: $0, samples: 2) }
        var differences: [Float] = []
        for completion in try real.generate(requests, Self.sampled).flatMap({ $0 }) {
            let prompt = requests[completion.prompt].tokens
            let example = TokenizedExample(
                id: nil,
                line: 1,
                identity: 0,
                tokenIDs: prompt + completion.tokenIDs,
                labels: prompt.map { _ in false } + completion.tokenIDs.map { _ in true }
            )
            let scores = try real.model.logProbabilities(of: [example])[0]
            #expect(scores.count == completion.logProbabilities.count)
            differences += zip(scores, completion.logProbabilities).map { abs($0 - $1) }
        }
        #expect(!differences.isEmpty)
        #expect(differences.allSatisfy { $0 <= 1e-5 }, "\(differences.max() ?? 0)")
    }

    @Test func penaltyEndsRepetition() throws {
        let prompt = real.model.encoding.encode("red blue red blue red blue red", beginning: true)
        var settings = SamplingSettings.greedy(maximumTokens: 12)
        let plain = try real.generate([GenerationRequest(tokens: prompt)], settings)[0][0]
        settings.repetitionPenalty = 1.5
        let varied = try real.generate([GenerationRequest(tokens: prompt)], settings)[0][0]
        #expect(Set(varied.tokenIDs).count > Set(plain.tokenIDs).count)
        #expect(Set(varied.tokenIDs).isDisjoint(with: prompt))
    }
}
