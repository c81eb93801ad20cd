import Feedback
import Logging
import Records

/// Samples answers: of cases until enough are right and different, of single questions as they
/// come. Every attempt is stored before it is told.
///
/// Samplings of cases wait for each other, and the attempts of one are drawn together; one answer to
/// one question does not wait, and joins what is being drawn.
package actor SamplingService: CaseSampling {
    private let store: FeedbackStore
    private let engine: any Engine
    private let log: Logger
    private var active: [Int64: ActiveSampling] = [:]
    /// Samplings that have not begun, in order.
    private var waiting: [Int64] = []
    private var isShutDown = false

    package init(
        store: FeedbackStore, engine: any Engine,
        log: Logger = Logger(label: "preceptor.sampling")
    ) {
        self.store = store
        self.engine = engine
        self.log = log
    }

    /// Makes clear what a killed server left: samplings that were queued or running become
    /// stopped, and their cases can be sampled again.
    package func start() async throws(ServiceError) {
        let store = store
        let stopped = try await serving { try await store.samplings.stopUnfinished() }
        if !stopped.isEmpty { log.notice("samplings cut off by the last end: \(stopped)") }
    }

    package func sample(
        _ caseID: CaseID, settings: SamplingSettings, by account: Int64?
    ) async throws(ServiceError) -> Sampling {
        let store = store
        let clinicalCase = try await serving { try await store.cases.find(caseID) }
        return try await begin(
            caseID, clinicalCase.messages, clinicalCase.images, settings, account)
    }

    package func ask(
        _ prompt: String, images: [CaseImage], by account: Int64?
    ) async throws(ServiceError) -> Sampling {
        let turn = Message(role: "user", content: prompt)
        return try await begin(nil, [turn], images, .single(nil), account)
    }

    package func compare(
        left: Int64, right: Int64, caseID: CaseID, by account: Int64?
    ) async throws(ServiceError) -> (duel: Duel?, samplings: [Sampling]) {
        guard left != right else { throw .invalid("left and right are the same version") }
        let store = store
        let clinicalCase = try await serving {
            // Both must be there before either is sampled.
            _ = try await (store.versions.find(left), store.versions.find(right))
            return try await store.cases.find(caseID)
        }
        let (messages, images) = (clinicalCase.messages, clinicalCase.images)
        let first = try await begin(caseID, messages, images, .single(left), account)
        let second = try await begin(caseID, messages, images, .single(right), account)
        let duel = try await serving {
            try await store.duels.create(
                caseID: caseID, samplings: (first.id, second.id), actor: account)
        }
        return (duel, [first, second])
    }

    /// Ends a sampling, which becomes stopped and keeps its traces; one that has ended stays as
    /// it is.
    package func stop(_ samplingID: Int64, by account: Int64?) async throws(ServiceError) {
        let store = store
        _ = try await serving { try await store.samplings.find(samplingID) }
        await end(samplingID, by: account)
    }

    /// What happens in a sampling: first its present state, at last its final one.
    package func events(
        _ samplingID: Int64
    ) async throws(ServiceError) -> AsyncStream<SamplingEvent> {
        let store = store
        var sampling = try await serving { try await store.samplings.find(samplingID) }
        if active[samplingID] == nil, !sampling.state.isFinished {
            // It ended while the store was asked.
            sampling = try await serving { try await store.samplings.find(samplingID) }
        }
        return active[samplingID]?.broadcast.subscribe(first: .state(sampling))
            ?? Broadcast.ended(with: .state(sampling))
    }

    /// Stops everything and starts nothing more; returns when all is stored.
    package func shutdown() async {
        isShutDown = true
        for id in active.keys.sorted() { await end(id, by: nil) }
    }
}

extension SamplingService {
    private func begin(
        _ caseID: CaseID?, _ prompt: [Message], _ images: [CaseImage],
        _ settings: SamplingSettings, _ account: Int64?
    ) async throws(ServiceError) -> Sampling {
        guard !isShutDown else { throw .conflict("the server is shutting down") }
        let store = store
        var schedule = settings.plan.schedule
        // A case that is sampled twice gives other answers, unless a seed is asked for.
        if schedule.seed == 0 { schedule.seed = .random(in: 1...(1 << 30)) }
        let sampling = try await serving {
            // What is gone is told before anything is kept.
            _ = try store.references(images)
            var version = settings.versionID
            if version == nil { version = try await store.versions.current().id }
            return try await store.samplings.create(
                SamplingRequest(
                    caseID: caseID, prompt: prompt, images: images, versionID: version ?? 0,
                    wanted: settings.plan.wanted, schedule: schedule,
                    verify: settings.plan.verify), actor: account)
        }
        active[sampling.id] = ActiveSampling(sampling: sampling)
        guard !isShutDown else {
            await end(sampling.id, by: nil)
            throw .conflict("the server is shutting down")
        }
        if sampling.isShort { launch(sampling.id) } else { waiting.append(sampling.id) }
        launchNext()
        return sampling
    }

    /// Begins the sampling that has waited longest, unless a long one is at work.
    private func launchNext() {
        let isBusy = active.values.contains { $0.work != nil && !$0.sampling.isShort }
        guard !isBusy, !isShutDown, !waiting.isEmpty else { return }
        launch(waiting.removeFirst())
    }

    private func launch(_ id: Int64) {
        guard let sampling = active[id]?.sampling else { return }
        let work = SamplingWork(
            store: store, engine: engine, sampling: sampling,
            publish: { [weak self] in await self?.publish($0, of: id) })
        let task = Task { try await work.run() }
        active[id]?.work = task
        // Not the task that is cancelled: what it writes must be written.
        active[id]?.conclusion = Task { await conclude(id, await task.result) }
    }

    private func publish(_ event: SamplingEvent, of id: Int64) {
        active[id]?.broadcast.send(event)
    }

    private func end(_ id: Int64, by account: Int64?) async {
        guard let ending = active[id] else { return }
        if ending.stoppedBy == nil {
            active[id]?.stoppedBy = .some(account)
            if let work = ending.work {
                work.cancel()
            } else {
                waiting.removeAll { $0 == id }
                active[id]?.conclusion = Task {
                    await conclude(id, .failure(CancellationError()))
                }
            }
        }
        await active[id]?.conclusion?.value
    }

    private func conclude(_ id: Int64, _ result: Result<Sampling.State, any Error>) async {
        let stopped = active[id]?.stoppedBy
        var (state, error): (Sampling.State, String?)
        switch result {
        case .success(let reached): (state, error) = (reached, nil)
        case .failure where stopped != nil: (state, error) = (.stopped, nil)
        case .failure(let failure): (state, error) = (.failed, "\(failure)")
        }
        if isShutDown, state == .stopped { error = "the server was shut down" }
        do throws(FeedbackError) {
            let sampling = try await store.samplings.transition(
                id, to: state, error: error, actor: stopped ?? nil)
            publish(.state(sampling), of: id)
        } catch {
            log.error("sampling \(id) could not be ended: \(error)")
        }
        active.removeValue(forKey: id)?.end()
        launchNext()
    }
}

/// A sampling that has not ended.
private struct ActiveSampling {
    let sampling: Sampling
    /// Nil while it waits.
    var work: Task<Sampling.State, any Error>?
    var conclusion: Task<Void, Never>?
    var broadcast = Broadcast<SamplingEvent>()
    /// Who stopped it: set once somebody, or the program (nil), has.
    var stoppedBy: Int64??

    consuming func end() { broadcast.finish() }
}

extension Sampling {
    /// Whether it is one answer to one question, for which nobody waits in line.
    fileprivate var isShort: Bool { schedule.attempts == 1 }
}
