import Feedback
import Records

/// Measures versions on judgements and cases that no training has seen.
///
/// What is asked of the engine at once is small, so that people at work wait for little.
struct VersionEvaluator: Sendable {
    let store: FeedbackStore
    let engine: any Engine
    let limits: EvaluationLimits
    let agreementLevel: Double

    /// Compares a new adapter with its parent's on the same pairs and cases.
    ///
    /// - Throws: `ServiceError`.
    func metrics(before: String?, after: String) async throws(ServiceError) -> VersionMetrics {
        let pairs = try await heldOutPairs()
        let cases = try await heldOutCases()
        return VersionMetrics(
            preferenceAccuracy: .init(
                before: try await preferences(of: before, in: pairs),
                after: try await preferences(of: after, in: pairs)),
            caseAccuracy: .init(
                before: try await answers(of: before, to: cases),
                after: try await answers(of: after, to: cases)))
    }

    private func heldOutPairs() async throws(ServiceError) -> [PreferencePair] {
        let pairs = try await serving {
            try await store.datasets.pairs(heldOut: true, agreementLevel: agreementLevel)
        }
        return Array(pairs.prefix(limits.pairs))
    }

    private func heldOutCases() async throws(ServiceError) -> [ClinicalCase] {
        try await serving {
            try await store.cases.heldOut(limit: limits.cases)
        }
    }

    /// For each pair whether the preferred answer has the greater log-probability a token.
    private func preferences(
        of adapter: String?, in pairs: [PreferencePair]
    ) async throws(ServiceError) -> [Bool] {
        var outcomes: [Bool] = []
        for group in Self.bySampling(pairs) {
            let scores = try await meanLogProbabilities(adapter, group)
            outcomes += group.map { pair in
                guard let chosen = scores[pair.chosen], let rejected = scores[pair.rejected]
                else { return false }
                return chosen > rejected
            }
        }
        return outcomes
    }

    /// Of each answer of one sampling, scored once however many pairs it is in.
    private func meanLogProbabilities(
        _ adapter: String?, _ pairs: [PreferencePair]
    ) async throws(ServiceError) -> [String: Double] {
        let texts = Set(pairs.flatMap { [$0.chosen, $0.rejected] }).sorted()
        let prompt = pairs.first?.prompt ?? []
        let item = EngineScore.Item(prompt: prompt, completions: texts)
        let scores = try await serving {
            try await engine.score(EngineScore(adapter: adapter, items: [item]))
        }
        let means = zip(scores.logProbabilities[0], scores.tokens[0]).map { sum, count in
            count > 0 ? sum / Double(count) : -.infinity
        }
        return Dictionary(zip(texts, means), uniquingKeysWith: { first, _ in first })
    }

    private static func bySampling(_ pairs: [PreferencePair]) -> [[PreferencePair]] {
        Dictionary(grouping: pairs, by: \.samplingID).sorted { $0.key < $1.key }.map(\.value)
    }

    /// For each case whether greedy decoding gives the right answer.
    private func answers(
        of adapter: String?, to cases: [ClinicalCase]
    ) async throws(ServiceError) -> [Bool] {
        var outcomes: [Bool] = []
        for clinicalCase in cases {
            let request = EngineSample(
                adapter: adapter, prompt: clinicalCase.messages, temperature: 0, topP: 1,
                repetitionPenalty: 1, maxTokens: limits.tokens)
            let isRight = try await serving {
                let completion = try await engine.sample(request)[0]
                let verification = try TraceVerifier(clinicalCase).verification(
                    of: completion.text, truncated: completion.finish == .length)
                return verification.verdict == .correct
            }
            outcomes.append(isRight)
        }
        return outcomes
    }
}
