/// What was concluded about a completion.
package enum TraceVerdict: String, Codable, Sendable, Hashable, CaseIterable {
    case correct, wrong, ambiguous, missing
    /// Too many words in common with a trace that was kept.
    case similar
    /// Nobody asked whether it is right.
    case unverified
}

/// One completion as the model wrote it: nothing is cut, appended or padded.
package struct Trace: Codable, Sendable, Hashable, Identifiable {
    package let id: Int64
    package let samplingID: Int64
    package let versionID: Int64
    /// From 1.
    package let attempt: Int
    package let text: String
    /// Why generation ended: `stop` or `length`.
    package let finish: String
    package let tokens: Int
    /// Summed over the tokens, in nats.
    package let logProbability: Double
    package let seed: Int
    package let temperature: Double
    package let verdict: TraceVerdict
    /// Why it was not kept; empty for a kept one.
    package let reason: String
    package let kept: Bool
    package let createdAt: Timestamp
}

/// A completion that is to be stored.
package struct TraceDraft: Sendable, Hashable {
    package var text: String
    package var finish: String
    package var tokens: Int
    package var logProbability: Double
    package var seed: Int
    package var temperature: Double
    package var verdict: TraceVerdict
    package var reason: String
    package var kept: Bool

    package init(
        text: String, finish: String, tokens: Int, logProbability: Double, seed: Int,
        temperature: Double, verdict: TraceVerdict, reason: String, kept: Bool
    ) {
        (self.text, self.finish, self.tokens) = (text, finish, tokens)
        (self.logProbability, self.seed, self.temperature) = (logProbability, seed, temperature)
        (self.verdict, self.reason, self.kept) = (verdict, reason, kept)
    }
}
