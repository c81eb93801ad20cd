import Feedback
import Records

/// What is done for one sampling. Cancelling its task stops it.
///
/// Attempts are drawn together and considered one after the other, in their order: what is kept is
/// what would be kept if each waited for the one before.
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
        try await withThrowingTaskGroup(of: Drawn.self) { group in
            var begun = 0
            var drawn: [Int: Drawn] = [:]
            while let number = sampler.nextAttempt {
                let last = min(number - 1 + ahead(sampler), sampling.schedule.attempts)
                while begun < last {
                    begun += 1
                    let request = try request(attempt: begun, of: version)
                    group.addTask { [begun] in await draw(begun, request) }
                }
                while drawn[number] == nil, let next = try await group.next() {
                    drawn[next.attempt] = next
                }
                guard let attempt = drawn.removeValue(forKey: number) else { break }
                try await consider(attempt, &sampler)
            }
            // Enough are kept: what is still being drawn is nobody's.
            group.cancelAll()
        }
        return sampler.state == .verified ? .verified : .exhausted
    }

    /// Attempts that are drawn at once at most; places are left for those who ask something else.
    private static let together = 12

    /// How many attempts are drawn at once: twice as many as are wanted still, as some are wrong or
    /// too similar.
    private func ahead(_ sampler: RejectionSampler) -> Int {
        min(2 * (sampling.wanted - sampler.kept.count), Self.together)
    }

    /// What came of an attempt, before it is considered.
    private struct Drawn: Sendable {
        let attempt: Int
        let request: EngineSample
        let result: Result<[EngineCompletion], EngineError>
    }

    private func draw(_ attempt: Int, _ request: EngineSample) async -> Drawn {
        do throws(EngineError) {
            let completions = try await engine.sample(request) { [publish] _, text in
                await publish(.token(attempt: attempt, text: text))
            }
            return Drawn(attempt: attempt, request: request, result: .success(completions))
        } catch {
            return Drawn(attempt: attempt, request: request, result: .failure(error))
        }
    }

    private func consider(_ drawn: Drawn, _ sampler: inout RejectionSampler) async throws {
        let completion = try drawn.result.get()[0]
        guard
            let outcome = sampler.consider(
                completion.text, truncated: completion.finish == .length)
        else { return }
        let draft = TraceDraft(
            text: completion.text, finish: completion.finish.rawValue, tokens: completion.tokens,
            logProbability: completion.logProbability, seed: Int(drawn.request.seed),
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
