/// Rejection sampling as a state machine: it is given one sampled text after the other and says
/// which to keep, and when to stop.
///
/// A text is kept if its own answer is the case's and it shares no more words than allowed with
/// those kept before. Nothing is cut, appended or padded.
package struct RejectionSampler: Sendable {
    package enum State: String, Codable, Sendable, Hashable {
        case running
        /// As many texts as wanted were kept.
        case verified
        /// The attempts ended before that.
        case exhausted
    }

    /// A text and what became of it.
    package struct Attempt: Sendable, Hashable {
        /// From 1.
        package let number: Int
        package let temperature: Double
        package let text: String
        package let verdict: TraceVerdict
        /// Why it was not kept; empty for a kept one.
        package let reason: String

        package let isKept: Bool
    }

    package let plan: SamplingPlan
    /// Every text so far, in order.
    package private(set) var attempts: [Attempt] = []
    private let verifier: TraceVerifier?
    private var diversity: TraceDiversity
    private var keptNumbers: [Int] = []

    /// - Parameter verifier: what tells right answers; it is not asked where the plan does not want
    ///   verified traces.
    /// - Throws: `FeedbackError.invalid` where the plan is out of range, or wants traces verified
    ///   without a verifier.
    package init(_ plan: SamplingPlan, verifier: TraceVerifier?) throws(FeedbackError) {
        try plan.validate()
        guard verifier != nil || !plan.verify else {
            throw .invalid(field: "verify", reason: "there is no case with a known answer")
        }
        self.plan = plan
        self.verifier = plan.verify ? verifier : nil
        diversity = TraceDiversity(limit: plan.schedule.maxOverlap)
    }

    package var state: State {
        if keptNumbers.count >= plan.wanted { return .verified }
        return attempts.count >= plan.schedule.attempts ? .exhausted : .running
    }

    /// The texts that were kept, in order.
    package var kept: [Attempt] { attempts.filter(\.isKept) }

    /// The share of texts that were kept; nil before the first.
    package var acceptance: Double? {
        attempts.isEmpty ? nil : Double(keptNumbers.count) / Double(attempts.count)
    }

    /// The number of the attempt that comes next, from 1; nil at the end.
    package var nextAttempt: Int? { state == .running ? attempts.count + 1 : nil }

    /// Judges and records the text of the next attempt; nil at the end, where nothing is recorded.
    ///
    /// - Parameter truncated: whether generation ended for want of tokens instead of by itself.
    package mutating func consider(_ text: String, truncated: Bool) -> Attempt? {
        guard let number = nextAttempt else { return nil }
        let outcome = outcome(of: text, truncated: truncated)
        let attempt = Attempt(
            number: number,
            temperature: plan.temperature(ofAttempt: number),
            text: text,
            verdict: outcome.verdict,
            reason: outcome.reason,
            isKept: outcome.isAcceptable
        )
        attempts.append(attempt)
        if attempt.isKept {
            diversity.keep(text)
            keptNumbers.append(number)
        }
        return attempt
    }

    private func outcome(of text: String, truncated: Bool) -> Verification {
        let answer =
            verifier?.verification(of: text, truncated: truncated)
            ?? .blank(text) ?? Verification(.unverified)
        guard answer.isAcceptable, let other = diversity.tooSimilar(to: text) else {
            return answer
        }
        let percent = Int((other.overlap * 100).rounded())
        return Verification(
            .similar, "shares \(percent) % of its words with attempt \(keptNumbers[other.place])")
    }
}
