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

    /// - Throws: `ServiceError.store` where the file of an image is gone that is to be measured on.
    func check() async throws(ServiceError) {
        let images =
            try await heldOutPairs().flatMap(\.images)
            + heldOutCases().flatMap(\.images)
        try await serving { _ = try store.references(images) }
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

    /// For each pair whether the preferred answer has the greater log-probability a token; nil for
    /// one with images that the model does not read.
    private func preferences(
        of adapter: String?, in pairs: [PreferencePair]
    ) async throws(ServiceError) -> [Bool?] {
        var outcomes: [Bool?] = []
        for group in Self.bySampling(pairs) {
            let scores = try await seeing { try await meanLogProbabilities(adapter, group) }
            outcomes += group.map { pair -> Bool? in
                guard let scores else { return nil }
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
    ) async throws -> [String: Double] {
        let texts = Set(pairs.flatMap { [$0.chosen, $0.rejected] }).sorted()
        let item = EngineScore.Item(
            prompt: pairs.first?.prompt ?? [],
            images: try store.references(pairs.first?.images ?? []), completions: texts)
        let scores = try await engine.score(EngineScore(adapter: adapter, items: [item]))
        let means = zip(scores.logProbabilities[0], scores.tokens[0]).map { sum, count in
            count > 0 ? sum / Double(count) : -.infinity
        }
        return Dictionary(zip(texts, means), uniquingKeysWith: { first, _ in first })
    }

    private static func bySampling(_ pairs: [PreferencePair]) -> [[PreferencePair]] {
        Dictionary(grouping: pairs, by: \.samplingID).sorted { $0.key < $1.key }.map(\.value)
    }

    /// For each case whether greedy decoding gives the right answer; nil for one with images that
    /// the model does not read.
    private func answers(
        of adapter: String?, to cases: [ClinicalCase]
    ) async throws(ServiceError) -> [Bool?] {
        var outcomes: [Bool?] = []
        for clinicalCase in cases {
            let isRight = try await seeing {
                let request = EngineSample(
                    adapter: adapter, prompt: clinicalCase.messages,
                    images: try store.references(clinicalCase.images), temperature: 0, topP: 1,
                    repetitionPenalty: 1, maxTokens: limits.tokens)
                let completion = try await engine.sample(request)[0]
                let verification = try TraceVerifier(clinicalCase).verification(
                    of: completion.text, truncated: completion.finish == .length)
                return verification.verdict == .correct
            }
            outcomes.append(isRight)
        }
        return outcomes
    }

    /// What the engine says; nil where it is asked about images and reads none.
    private func seeing<Value>(
        _ ask: () async throws -> Value
    ) async throws(ServiceError) -> Value? {
        do {
            return try await ask()
        } catch EngineError.readsNoImages {
            return nil
        } catch {
            throw ServiceError(error)
        }
    }
}
