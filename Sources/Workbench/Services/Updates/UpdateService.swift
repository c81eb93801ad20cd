import Feedback
import FileFormats
import Foundation
import Logging

/// Turns judgements into versions of the model, one training at a time.
///
/// The training is a process of its own: whatever becomes of it, this one goes on. A version that
/// is worse than its parent on what is held out becomes a candidate, not current.
package actor UpdateService: ModelUpdating {
    let store: FeedbackStore
    let engine: any Engine
    let settings: UpdateSettings
    let log: Logger
    private var running: RunningJob?
    /// Who looks on at all trainings.
    private var onlookers = Broadcast<TrainingJob>()
    /// A job that is being made and has no number yet.
    private var isStarting = false
    /// Judgements that were pending when a training last failed: it is not tried again by itself
    /// until as many more have come as the threshold says.
    private var pendingAtFailure = 0
    private var isShutDown = false
    /// Whether it is being found out if a training is due, and whether judgements came meanwhile.
    private var (isCounting, hasMore) = (false, false)

    package init(
        store: FeedbackStore, engine: any Engine, settings: UpdateSettings,
        log: Logger = Logger(label: "preceptor.updates")
    ) {
        self.store = store
        self.engine = engine
        self.settings = settings
        self.log = log
    }

    /// Clears up what a killed server left: its jobs become failed. Their processes have ended with
    /// it, or are about to.
    package func start() async throws(ServiceError) {
        let store = store
        _ = try await serving { try await store.jobs.failUnfinished() }
    }

    /// Starts a training.
    ///
    /// - Parameter account: who asked for it; nil when it starts by itself.
    /// - Throws: `ServiceError.conflict` beside one that runs, `.tooFew`, or the store's errors.
    package func update(
        _ method: UpdateMethod, by account: Int64?
    ) async throws(ServiceError) -> TrainingJob {
        guard !isShutDown else { throw .conflict("the server is shutting down") }
        guard running == nil, !isStarting else {
            throw .conflict("a training is running; wait for its end or stop it")
        }
        isStarting = true
        defer { isStarting = false }
        let rewardModel = method == .grpo ? try await rewardModels().last?.path : nil
        let plan = try await UpdatePlan.make(
            method, store: store, agreementLevel: settings.agreementLevel,
            rewardModel: rewardModel)
        let store = store
        let job = try await serving {
            try await store.jobs.create(method: method.rawValue, startedBy: account)
        }
        begin(job, plan)
        if isShutDown { running?.stop() }
        return job
    }

    /// To be called after each acknowledged judgement: starts a training when there are enough.
    /// Returns without waiting for it.
    package func judged() {
        guard settings.automatic, running == nil, !isStarting, !isShutDown else { return }
        hasMore = true
        guard !isCounting else { return }
        isCounting = true
        Task { await updateIfDue() }
    }

    /// Ends a training; its job becomes stopped and no version comes of it.
    package func stop(_ jobID: Int64, by account: Int64?) async throws(ServiceError) {
        let store = store
        _ = try await serving { try await store.jobs.find(jobID) }
        guard running?.job.id == jobID else {
            throw .conflict("job \(jobID) is not running")
        }
        try await serving {
            try await store.audit.append(
                action: "job.stop", subject: "job/\(jobID)", actor: account)
        }
        running?.stop()
    }

    /// What a job measured, `[[step, value], ...]` by name; empty before its first step.
    package func curves(_ jobID: Int64) async throws(ServiceError) -> [String: [[Double]]] {
        let store = store
        let job = try await serving { try await store.jobs.find(jobID) }
        guard !job.folder.isEmpty else { return [:] }
        return await MetricsTail.curves(JobFolder(url: URL(filePath: job.folder)).run.metrics)
    }

    /// What happens in a job: first its present state, at last its final one.
    package func events(_ jobID: Int64) async throws(ServiceError) -> AsyncStream<UpdateEvent> {
        let store = store
        var job = try await serving { try await store.jobs.find(jobID) }
        guard running?.job.id == jobID else {
            // It may have ended while the store was asked.
            job = try await serving { try await store.jobs.find(jobID) }
            return Broadcast.ended(with: .state(job))
        }
        return running?.broadcast.subscribe(first: .state(job))
            ?? Broadcast.ended(with: .state(job))
    }

    package func states() -> AsyncStream<TrainingJob> {
        onlookers.subscribe(first: running?.job)
    }

    /// How many judgements no training has seen, and when that starts one.
    package func pending() async throws(ServiceError) -> (
        count: Int, threshold: Int, automatic: Bool
    ) {
        let store = store
        let count = try await serving { try await store.jobs.pendingJudgements() }
        return (count, settings.retrainThreshold, settings.automatic)
    }

    /// The reward models that were trained, oldest first.
    package func rewardModels() async throws(ServiceError) -> [RewardModelResult] {
        let store = store
        let jobs = try await serving { try await store.jobs.all() }
        return jobs.sorted { $0.id < $1.id }
            .filter { $0.method == UpdateMethod.reward.rawValue && $0.state == .finished }
            .compactMap { RewardModelResult.read(JobFolder(url: URL(filePath: $0.folder))) }
    }

    /// Stops what runs and starts nothing more; returns when its process has ended.
    package func shutdown() async {
        isShutDown = true
        running?.stop()
        await running?.conclusion?.value
        onlookers.finish()
    }
}

// MARK: - A job from start to end

extension UpdateService {
    private func begin(_ job: TrainingJob, _ plan: UpdatePlan) {
        let work = Task { try await UpdateWork(service: self, job: job, plan: plan).run() }
        running = RunningJob(job: job, work: work)
        publish(job)
        // Not the task that is cancelled: what it writes must be written.
        running?.conclusion = Task { await conclude(job.id, await work.result) }
    }

    private func conclude(_ jobID: Int64, _ result: Result<Void, any Error>) async {
        let wasStopped = running?.isStopping ?? false
        do throws(FeedbackError) {
            switch result {
            case .success:
                publish(try await store.jobs.transition(jobID, to: .finished, actor: nil))
                pendingAtFailure = 0
            case .failure(let error): try await fail(jobID, error, wasStopped: wasStopped)
            }
        } catch {
            log.error("job \(jobID) could not be ended: \(error)")
        }
        running?.broadcast.finish()
        running = nil
    }

    private func fail(
        _ jobID: Int64, _ error: any Error, wasStopped: Bool
    ) async throws(FeedbackError) {
        let reason = wasStopped ? (isShutDown ? "the server was shut down" : nil) : "\(error)"
        if !wasStopped { log.error("job \(jobID) failed: \(error)") }
        pendingAtFailure = try await store.jobs.pendingJudgements()
        let job = try await store.jobs.find(jobID)
        if let version = job.versionID,
            try await store.versions.find(version).state == .training
        {
            _ = try await store.versions.fail(version, actor: nil)
        }
        publish(
            try await store.jobs.transition(
                jobID, to: wasStopped ? .stopped : .failed, error: reason, actor: nil))
    }

    /// Tells those who look on.
    func publish(_ job: TrainingJob) {
        running?.job = job
        running?.broadcast.send(.state(job))
        onlookers.send(job)
    }

    func publish(_ rows: [MeasuredStep]) {
        for row in rows { running?.broadcast.send(.metrics(row)) }
    }
}

// MARK: - Starting by itself

extension UpdateService {
    /// Judgements that come while they are counted are counted once more, all together.
    private func updateIfDue() async {
        while hasMore {
            hasMore = false
            await updateOnceIfDue()
        }
        isCounting = false
    }

    private func updateOnceIfDue() async {
        do throws(ServiceError) {
            let pending = try await pending().count
            guard pending >= pendingAtFailure + settings.retrainThreshold else { return }
            _ = try await update(try await automaticMethod(), by: nil)
        } catch {
            switch error {
            // Another was quicker, or the judgements teach nothing yet.
            case .conflict, .tooFew, .store(.wrongState): break
            default: log.error("no training could be started: \(error)")
            }
        }
    }

    /// By what there is more of: pairs from rankings, or accepted and corrected answers.
    private func automaticMethod() async throws(ServiceError) -> UpdateMethod {
        let (store, level) = (store, settings.agreementLevel)
        return try await serving {
            let pairs = try await store.datasets.build(.preference, agreementLevel: level)
            let records = try await store.datasets.build(.feedback, agreementLevel: level)
            return records.judgementIDs.count > pairs.judgementIDs.count ? .sft : .dpo
        }
    }
}

/// The training that is going on.
private struct RunningJob {
    /// In its present state.
    var job: TrainingJob
    let work: Task<Void, any Error>
    var conclusion: Task<Void, Never>?
    var broadcast = Broadcast<UpdateEvent>()
    var isStopping = false

    mutating func stop() {
        isStopping = true
        work.cancel()
    }
}
