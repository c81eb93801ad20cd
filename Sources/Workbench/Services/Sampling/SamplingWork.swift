import Feedback
import Records

/// What is done for one sampling, attempt by attempt. Cancelling its task stops it.
struct SamplingWork: Sendable {
    let store: FeedbackStore
    let engine: any Engine
    let sampling: Sampling
    /// Tells those who look on.
    let publish: @Sendable (SamplingEvent) async -> Void

    /// Samples until enough traces are kept or the attempts end.
    ///
    /// - Returns: `verified` or `exhausted`.
    func run() async throws -> Sampling.State {
        let running = try await store.samplings.transition(sampling.id, to: .running, actor: nil)
        await publish(.state(running))
        let version = try await store.versions.find(sampling.versionID)
        var sampler = try RejectionSampler(plan, verifier: try await verifier())
        while let number = sampler.nextAttempt {
            try await attempt(number, of: version, &sampler)
        }
        return sampler.state == .verified ? .verified : .exhausted
    }

    private func attempt(
        _ number: Int, of version: ModelVersion, _ sampler: inout RejectionSampler
    ) async throws {
        let request = try request(attempt: number, of: version)
        let completions = try await engine.sample(request) { [publish] _, text in
            await publish(.token(attempt: number, text: text))
        }
        let completion = completions[0]
        guard
            let outcome = sampler.consider(
                completion.text, truncated: completion.finish == .length)
        else { return }
        let draft = TraceDraft(
            text: completion.text, finish: completion.finish.rawValue, tokens: completion.tokens,
            logProbability: completion.logProbability, seed: Int(request.seed),
            temperature: outcome.temperature, verdict: outcome.verdict, reason: outcome.reason,
            kept: outcome.isKept)
        let trace = try await store.samplings.append(draft, to: sampling.id, actor: nil)
        await publish(trace.kept ? .trace(trace) : .rejected(trace))
        await publish(.state(try await store.samplings.find(sampling.id)))
    }

    private var plan: SamplingPlan {
        SamplingPlan(
            wanted: sampling.wanted, verify: sampling.verify, schedule: sampling.schedule)
    }

    private func verifier() async throws -> TraceVerifier? {
        guard sampling.verify, let id = sampling.caseID else { return nil }
        return try TraceVerifier(try await store.cases.find(id))
    }

    private func request(
        attempt: Int, of version: ModelVersion
    ) throws(FeedbackError) -> EngineSample {
        let schedule = sampling.schedule
        return EngineSample(
            adapter: version.adapter, prompt: sampling.prompt,
            images: try store.references(sampling.images),
            seed: UInt64(schedule.seed + attempt - 1),
            temperature: schedule.temperature(attempt: attempt), topP: schedule.topP,
            topK: schedule.topK, repetitionPenalty: schedule.repetitionPenalty,
            maxTokens: schedule.maxTokens)
    }
}
