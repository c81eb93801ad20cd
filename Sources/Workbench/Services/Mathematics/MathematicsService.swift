import Feedback
import Records

/// Computes what a rater's ranking means under the present model.
package struct MathematicsService: JudgementMathematics {
    private let store: FeedbackStore
    private let engine: any Engine

    package init(store: FeedbackStore, engine: any Engine) {
        self.store = store
        self.engine = engine
    }

    /// The mathematics of a rater's latest ranking: the policy is the current version, the
    /// reference the version it was trained from (the base model is its own).
    ///
    /// - Throws: `ServiceError.notFound` where this rater has not ranked the sampling,
    ///   `.invalid` for a beta that is not in (0, 10].
    package func mathematics(
        of samplingID: Int64, rater: Int64, beta: Double
    ) async throws(ServiceError) -> Mathematics {
        guard beta > 0, beta <= 10 else { throw .invalid("beta must be in (0, 10]") }
        let store = store
        let ranking = try await serving {
            try await store.rankings.find(samplingID, by: rater)
        }
        guard let ranking else {
            throw .notFound(what: "ranking of yours for sampling \(samplingID)")
        }
        let (sampling, all) = try await serving {
            (
                try await store.samplings.find(samplingID),
                try await store.samplings.traces(of: samplingID)
            )
        }
        let traces = all.filter { ranking.ranks[$0.id] != nil }
        // Answers of which none is acceptable teach no preference: all are equal.
        let ranks = traces.map { ranking.unacceptable ? 1 : ranking.ranks[$0.id] ?? 1 }
        let (policy, reference) = try await versions()
        let judgement = try await serving {
            try await engine.judge(
                EngineJudge(
                    adapter: policy.adapter, reference: reference.adapter,
                    prompt: sampling.prompt, images: try store.references(sampling.images),
                    completions: traces.map(\.text), ranks: ranks, beta: beta))
        }
        return Mathematics(
            judgement, traces: traces, ranks: traces.map { ranking.ranks[$0.id] ?? 1 }, beta: beta,
            policy: policy.name, reference: reference.name)
    }

    private func versions() async throws(ServiceError) -> (ModelVersion, ModelVersion) {
        let store = store
        return try await serving {
            let policy = try await store.versions.current()
            guard let parent = policy.parentID else { return (policy, policy) }
            return (policy, try await store.versions.find(parent))
        }
    }
}
