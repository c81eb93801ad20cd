import Feedback
import Foundation
import Records

/// Samples answers of the model; `SamplingService` in the program.
package protocol CaseSampling: Sendable {
    /// Starts the sampling of a case.
    func sample(
        _ caseID: CaseID, settings: SamplingSettings, by actor: Int64?
    ) async throws(ServiceError) -> Sampling
    /// Starts one answer to a question that belongs to no case.
    func ask(
        _ prompt: String, images: [CaseImage], by actor: Int64?
    ) async throws(ServiceError) -> Sampling
    /// Starts an answer by each of two versions.
    func compare(
        left: Int64, right: Int64, caseID: CaseID, by actor: Int64?
    ) async throws(ServiceError) -> (duel: Duel?, samplings: [Sampling])
    func stop(_ samplingID: Int64, by actor: Int64?) async throws(ServiceError)
    /// What happens from now on; the first event is the present state.
    func events(_ samplingID: Int64) async throws(ServiceError) -> AsyncStream<SamplingEvent>
}

/// Trains versions of the model; `UpdateService` in the program.
package protocol ModelUpdating: Sendable {
    func update(
        _ method: UpdateMethod, by actor: Int64?
    ) async throws(ServiceError) -> TrainingJob
    /// Told after every acknowledged judgement.
    func judged() async
    func stop(_ jobID: Int64, by actor: Int64?) async throws(ServiceError)
    /// By name, each a list of `[step, value]`.
    func curves(_ jobID: Int64) async throws(ServiceError) -> [String: [[Double]]]
    /// What happens from now on; the first event is the present state.
    func events(_ jobID: Int64) async throws(ServiceError) -> AsyncStream<UpdateEvent>
    /// The states of all trainings from now on; the first is that of the one that runs, if one
    /// does.
    func states() async -> AsyncStream<TrainingJob>
    /// Judgements since the last training, and when the next one starts by itself.
    func pending() async throws(ServiceError) -> (count: Int, threshold: Int, automatic: Bool)
}

/// Computes what a judgement means to the model; `MathematicsService` in the program.
package protocol JudgementMathematics: Sendable {
    func mathematics(
        of samplingID: Int64, rater accountID: Int64, beta: Double
    ) async throws(ServiceError) -> Mathematics
}

/// Tells where a model looked; `OverlayService` in the program.
package protocol OverlayMaking: Sendable {
    /// PNG of an image with a map laid over it.
    ///
    /// - Parameter place: Which of the images that the model saw with the answer, from 0.
    func overlay(
        of traceID: Int64, image place: Int, _ map: OverlayMap
    ) async throws(ServiceError) -> Data
}
