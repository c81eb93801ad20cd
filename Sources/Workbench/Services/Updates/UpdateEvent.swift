import Feedback

/// What happens in a training job, for those who look on.
package enum UpdateEvent: Encodable, Sendable, Hashable {
    case metrics(MeasuredStep)
    case state(TrainingJob)

    /// The name of the server-sent event.
    package var name: String {
        switch self {
        case .metrics: "metrics"
        case .state: "state"
        }
    }

    /// The event's data: the step with its values, or the job.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .metrics(let step): try step.encode(to: encoder)
        case .state(let job): try job.encode(to: encoder)
        }
    }
}
