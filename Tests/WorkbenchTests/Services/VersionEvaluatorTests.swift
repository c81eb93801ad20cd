import Feedback
import Records
import Testing

@testable import Workbench

struct VersionEvaluatorTests {
    /// Log-probabilities and lengths by text. A token: good -2, long -1, bad -3.
    private static let scores: [String: (sum: Double, tokens: Int)] = [
        "a good answer": (-4, 2), "a long rambling answer": (-10, 10), "bad": (-3, 1),
    ]

    private static func engine() -> ScriptedEngine {
        ScriptedEngine { operation in
            switch operation {
            case .score(let score):
                let rows = score.items.map { $0.completions.map { scores[$0] ?? (0, 1) } }
                return [
                    .scores(
                        EngineScores(
                            logProbabilities: rows.map { $0.map(\.sum) },
                            tokens: rows.map { $0.map(\.tokens) })),
                    .done,
                ]
            case .sample(let sample):
                return ScriptedEngine.reply(
                    "I think it is", finish: sample.adapter == nil ? .length : .stop)
            default: throw EngineError.refused(message: "nothing else is asked here")
            }
        }
    }

    @Test func pairsCompareLogProbabilitiesATokenAndAnswersAreScoredOnce() async throws {
        let bench = try await ServiceStore()
        try await bench.addPair(
            heldOut: true, ["a good answer", "a long rambling answer", "bad"])
        let engine = Self.engine()
        let evaluator = VersionEvaluator(
            store: bench.store, engine: engine, limits: EvaluationLimits(), agreementLevel: 0.5)
        let metrics = try await evaluator.metrics(before: nil, after: "/adapter")
        // Good over long is wrong (-2 < -1), good over bad and long over bad are right.
        #expect(metrics.preferenceAccuracy.n == 3)
        #expect(metrics.preferenceAccuracy.before == metrics.preferenceAccuracy.after)
        #expect(abs((metrics.preferenceAccuracy.after ?? 0) - 2.0 / 3) < 1e-12)
        let asked = await engine.operations.compactMap { operation in
            if case .score(let score) = operation { score } else { nil }
        }
        #expect(asked.map(\.adapter) == [nil, "/adapter"])
        #expect(asked.map { $0.items.map(\.completions.count) } == [[3], [3]])
        // The answers to the held-out case name no option.
        #expect(metrics.caseAccuracy.n == 1)
        #expect(metrics.caseAccuracy.after == 0)
        let samples = await engine.samples
        #expect(samples.map(\.temperature) == [0, 0])
        #expect(samples.map(\.maxTokens) == [200, 200])
    }

    @Test func noMoreIsMeasuredThanTheLimitsSay() async throws {
        let bench = try await ServiceStore()
        for _ in 0..<3 { try await bench.addPair(heldOut: true, ["a good answer", "bad"]) }
        var limits = EvaluationLimits()
        (limits.pairs, limits.cases) = (2, 1)
        let evaluator = VersionEvaluator(
            store: bench.store, engine: Self.engine(), limits: limits, agreementLevel: 0.5)
        let metrics = try await evaluator.metrics(before: nil, after: "/adapter")
        #expect(metrics.preferenceAccuracy.n == 2)
        #expect(metrics.caseAccuracy.n == 1)
    }
}
