import Feedback

/// What happens in a sampling, for those who look on.
package enum SamplingEvent: Encodable, Sendable, Hashable {
    /// More text of an attempt that is being sampled.
    case token(attempt: Int, text: String)
    /// A completion that was kept.
    case trace(Trace)
    /// A completion that was not kept, with the reason.
    case rejected(Trace)
    case state(Sampling)

    /// The name of the server-sent event.
    package var name: String {
        switch self {
        case .token: "token"
        case .trace: "trace"
        case .rejected: "rejected"
        case .state: "state"
        }
    }

    private enum Key: String, CodingKey {
        case attempt, text, verdict, reason, state, attempts, accepted, error
    }

    /// The event's data: `{attempt, text}`, the trace, `{attempt, text, verdict, reason}` or
    /// `{state, attempts, accepted, error?}`.
    package func encode(to encoder: any Encoder) throws {
        if case .trace(let trace) = self { return try trace.encode(to: encoder) }
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .token(let attempt, let text):
            try container.encode(attempt, forKey: .attempt)
            try container.encode(text, forKey: .text)
        case .trace: break
        case .rejected(let trace):
            try container.encode(trace.attempt, forKey: .attempt)
            try container.encode(trace.text, forKey: .text)
            try container.encode(trace.verdict, forKey: .verdict)
            try container.encode(trace.reason, forKey: .reason)
        case .state(let sampling):
            try container.encode(sampling.state, forKey: .state)
            try container.encode(sampling.attempts, forKey: .attempts)
            try container.encode(sampling.accepted, forKey: .accepted)
            try container.encodeIfPresent(sampling.error, forKey: .error)
        }
    }
}
