import Feedback
import Foundation
import Records
import TestSupport

@testable import Workbench

/// Samplings that are made and never run.
struct FakeSampling: CaseSampling {
    let store: FeedbackStore
    /// What a stream of events sends before it ends.
    let events: [SamplingEvent]

    func sample(
        _ caseID: CaseID, settings: SamplingSettings, by actor: Int64?
    ) async throws(ServiceError) -> Sampling {
        try await make(caseID, wanted: settings.plan.wanted, version: 1, actor)
    }

    func ask(
        _ prompt: String, images: [CaseImage], by actor: Int64?
    ) async throws(ServiceError) -> Sampling {
        try await make(nil, images, wanted: 1, version: 1, actor)
    }

    func compare(
        left: Int64, right: Int64, caseID: CaseID, by actor: Int64?
    ) async throws(ServiceError) -> (duel: Duel?, samplings: [Sampling]) {
        let samplings = [
            try await make(caseID, wanted: 1, version: left, actor),
            try await make(caseID, wanted: 1, version: right, actor),
        ]
        return (nil, samplings)
    }

    func stop(_ samplingID: Int64, by actor: Int64?) async throws(ServiceError) {
        _ = try await serving {
            try await store.samplings.transition(samplingID, to: .stopped, actor: actor)
        }
    }

    func events(_ samplingID: Int64) async throws(ServiceError) -> AsyncStream<SamplingEvent> {
        _ = try await serving { try await store.samplings.find(samplingID) }
        let events = events
        return AsyncStream { continuation in
            for event in events { continuation.yield(event) }
            continuation.finish()
        }
    }

    private func make(
        _ caseID: CaseID?, _ images: [CaseImage] = [], wanted: Int, version: Int64, _ actor: Int64?
    ) async throws(ServiceError) -> Sampling {
        try await serving {
            if let caseID { _ = try await store.cases.find(caseID) }
            return try await store.samplings.create(
                SamplingRequest(
                    caseID: caseID, prompt: [Message(role: "user", content: "Which?")],
                    images: images, versionID: version, wanted: wanted,
                    schedule: SamplingSchedule(),
                    verify: false), actor: actor)
        }
    }
}

/// Trainings that are noted and never run.
final class FakeUpdates: ModelUpdating {
    private let store: FeedbackStore
    private let count = Locked(0)

    init(store: FeedbackStore) {
        self.store = store
    }

    /// How many judgements were told of.
    var judgements: Int { count.withLock { $0 } }

    func update(
        _ method: UpdateMethod, by actor: Int64?
    ) async throws(ServiceError) -> TrainingJob {
        guard method != .reward else { throw .tooFew("there are 0 pairs; 2 are needed") }
        return try await serving {
            try await store.jobs.create(method: method.rawValue, startedBy: actor)
        }
    }

    func judged() async { count.withLock { $0 += 1 } }

    func stop(_ jobID: Int64, by actor: Int64?) async throws(ServiceError) {
        _ = try await serving {
            try await store.jobs.transition(jobID, to: .stopped, actor: actor)
        }
    }

    func curves(_ jobID: Int64) async throws(ServiceError) -> [String: [[Double]]] {
        ["loss": [[1, 0.7], [2, 0.5]]]
    }

    func events(_ jobID: Int64) async throws(ServiceError) -> AsyncStream<UpdateEvent> {
        let job = try await serving { try await store.jobs.find(jobID) }
        return AsyncStream { continuation in
            continuation.yield(.state(job))
            continuation.finish()
        }
    }

    func states() async -> AsyncStream<TrainingJob> {
        let active = try? await store.jobs.active()
        return AsyncStream { continuation in
            if let active { continuation.yield(active) }
            continuation.finish()
        }
    }

    func pending() async throws(ServiceError) -> (
        count: Int, threshold: Int, automatic: Bool
    ) {
        let pending = try await serving { try await store.jobs.pendingJudgements() }
        return (pending, 20, true)
    }
}

/// One answer, for a sampling that was ranked.
struct FakeMathematics: JudgementMathematics {
    let store: FeedbackStore

    func mathematics(
        of samplingID: Int64, rater accountID: Int64, beta: Double
    ) async throws(ServiceError) -> Mathematics {
        let found = try await serving {
            try await store.rankings.find(samplingID, by: accountID)
        }
        guard found != nil else {
            throw .notFound(what: "ranking of sampling \(samplingID)")
        }
        return Mathematics(
            formulas: ["loss": "-log σ(m)"], beta: beta, answers: [], pairs: [], loss: 0.69,
            gradientNorm: nil, policy: "base", reference: "base")
    }
}

/// Says what it was asked.
struct FakeOverlays: OverlayMaking {
    func overlay(
        of traceID: Int64, image place: Int, _ map: OverlayMap
    ) async throws(ServiceError) -> Data {
        guard traceID < 100 else { throw .notFound(what: "trace \(traceID)") }
        return Data("\(traceID) \(place) \(map.rawValue)".utf8)
    }
}
