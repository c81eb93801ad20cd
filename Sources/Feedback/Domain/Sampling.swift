import Records

/// How completions of a case are sampled and when the attempts end.
package struct SamplingSchedule: Codable, Sendable, Hashable {
    /// The most completions that are sampled.
    package var attempts = 20
    /// Of the first attempt.
    package var temperature = 0.6
    /// By how much each attempt is hotter than the one before.
    package var temperatureStep = 0.05
    package var maxTemperature = 1.2
    package var topP = 0.9
    /// 0 for no limit.
    package var topK = 0
    package var repetitionPenalty = 1.1
    package var maxTokens = 300
    /// The largest share of words that two kept traces may have in common.
    package var maxOverlap = 0.7
    package var seed = 0

    package init() {}

    /// The temperature of an attempt, counted from 1.
    package func temperature(attempt: Int) -> Double {
        min(maxTemperature, temperature + Double(attempt - 1) * temperatureStep)
    }
}

/// Completions of one prompt by one version of the model.
package struct Sampling: Codable, Sendable, Hashable, Identifiable {
    package enum State: String, Codable, Sendable, Hashable, CaseIterable {
        case queued, running
        /// As many traces as wanted were kept.
        case verified
        /// The attempts ended before that.
        case exhausted
        case stopped, failed

        package var isFinished: Bool { self != .queued && self != .running }
    }

    package let id: Int64
    /// Nil for a question that belongs to no case.
    package let caseID: CaseID?
    package let prompt: [Message]
    /// What the model saw with the prompt: they stand before its first words.
    package let images: [CaseImage]
    package let versionID: Int64
    /// How many traces are to be kept.
    package let wanted: Int
    package let schedule: SamplingSchedule
    /// Whether only traces with the right answer are kept.
    package let verify: Bool
    package let state: State
    /// Traces sampled so far.
    package let attempts: Int
    /// Traces kept so far.
    package let accepted: Int
    /// Why it failed.
    package let error: String?
    package let createdBy: Int64?
    package let createdAt: Timestamp

    /// The share of traces that were kept; nil before the first.
    package var acceptance: Double? {
        attempts == 0 ? nil : Double(accepted) / Double(attempts)
    }
}

/// A sampling that is asked for.
package struct SamplingRequest: Sendable, Hashable {
    package var caseID: CaseID?
    package var prompt: [Message]
    package var images: [CaseImage]
    package var versionID: Int64
    package var wanted: Int
    package var schedule: SamplingSchedule
    package var verify: Bool

    package init(
        caseID: CaseID?, prompt: [Message], images: [CaseImage] = [], versionID: Int64,
        wanted: Int, schedule: SamplingSchedule, verify: Bool
    ) {
        (self.caseID, self.prompt, self.images) = (caseID, prompt, images)
        self.versionID = versionID
        (self.wanted, self.schedule, self.verify) = (wanted, schedule, verify)
    }
}
