import Answers
import CaseBank
import Testing

@testable import Feedback

@Suite struct RejectionSamplerTests {
    let verifier: TraceVerifier

    init() throws {
        let verifiable = try VerifiableCase(
            question: "?",
            options: [.init(label: "A", text: "Asthma"), .init(label: "B", text: "Croup")],
            answer: "B")
        verifier = TraceVerifier(verifiable, bank: try CaseBank.bundled())
    }

    private func plan(wanted: Int, attempts: Int, verify: Bool = true) -> SamplingPlan {
        var plan = SamplingPlan()
        plan.wanted = wanted
        plan.verify = verify
        plan.schedule.attempts = attempts
        return plan
    }

    @Test func endsVerified() throws {
        var sampler = try RejectionSampler(plan(wanted: 2, attempts: 5), verifier: verifier)
        #expect(sampler.acceptance == nil && sampler.nextAttempt == 1)
        let texts = [
            "A barking cough points there. Answer: B", "Wheezing everywhere. Answer: A",
            "A barking cough points there! Answer: B",
            "Stridor at night in a toddler, hence this. Answer: B",
        ]
        let outcomes = texts.compactMap { sampler.consider($0, truncated: false) }
        #expect(outcomes.map(\.verdict) == [.correct, .wrong, .similar, .correct])
        #expect(outcomes.map(\.isKept) == [true, false, false, true])
        #expect(outcomes[1].reason == "chooses option A")
        #expect(outcomes[2].reason == "shares 100 % of its words with attempt 1")
        #expect(sampler.state == .verified && sampler.nextAttempt == nil)
        #expect(sampler.acceptance == 0.5)
        #expect(sampler.kept.map(\.number) == [1, 4])
        #expect(sampler.attempts.map(\.text) == texts)
    }

    @Test func endsExhausted() throws {
        var sampler = try RejectionSampler(plan(wanted: 2, attempts: 3), verifier: verifier)
        for text in ["Answer: B", "Answer: A", "No idea."] {
            #expect(sampler.state == .running)
            let outcome = sampler.consider(text, truncated: false)
            #expect(outcome?.text == text)
        }
        #expect(sampler.state == .exhausted && sampler.nextAttempt == nil)
        #expect(sampler.attempts.count == 3 && sampler.kept.count == 1)
        #expect(sampler.attempts.map(\.verdict) == [.correct, .wrong, .missing])
    }

    @Test func recordsNothingAfterTheEnd() throws {
        var sampler = try RejectionSampler(plan(wanted: 1, attempts: 2), verifier: verifier)
        let first = sampler.consider("Answer: B", truncated: false)
        let second = sampler.consider("Answer: B", truncated: false)
        #expect(first?.isKept == true && second == nil)
        #expect(sampler.attempts.count == 1 && sampler.acceptance == 1)
    }

    @Test func theLastAttemptMayVerify() throws {
        var sampler = try RejectionSampler(plan(wanted: 1, attempts: 2), verifier: verifier)
        _ = sampler.consider("Answer: A", truncated: false)
        _ = sampler.consider("Answer: B", truncated: false)
        #expect(sampler.state == .verified)
    }

    @Test func aTextThatIsCutOffIsRejected() throws {
        var sampler = try RejectionSampler(plan(wanted: 1, attempts: 2), verifier: verifier)
        let outcome = sampler.consider("Croup (B) would be", truncated: true)
        #expect(outcome?.verdict == .missing && outcome?.isKept == false)
        #expect(outcome?.reason == "is cut off before an answer")
    }

    @Test func everyAttemptIsHotter() throws {
        var sampler = try RejectionSampler(plan(wanted: 1, attempts: 3), verifier: verifier)
        for _ in 0..<3 { _ = sampler.consider("Answer: A", truncated: false) }
        let temperatures = sampler.attempts.map(\.temperature)
        #expect(zip(temperatures, [0.6, 0.65, 0.7]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func withoutVerificationAnyTextWillDo() throws {
        let plan = plan(wanted: 2, attempts: 4, verify: false)
        var sampler = try RejectionSampler(plan, verifier: verifier)
        let verdicts = ["Answer: A", "Answer: A", " \n", "Rest and fluids."].compactMap {
            sampler.consider($0, truncated: false)?.verdict
        }
        #expect(verdicts == [.unverified, .similar, .missing, .unverified])
        #expect(sampler.state == .verified)
    }

    @Test func verificationNeedsACase() {
        #expect(throws: FeedbackError.self) {
            try RejectionSampler(SamplingPlan(), verifier: nil)
        }
    }
}

@Suite struct TraceDiversityTests {
    // {a, b, c, d} and {a, b, x, y, z} share 2 of the 4 that the smaller has.
    @Test func overlapByHand() {
        #expect(TraceDiversity.overlap("a b c d", "B; a -- x, y (Z) z") == 0.5)
        #expect(TraceDiversity.overlap("The cough", "the COUGH barks at night") == 1)
        #expect(TraceDiversity.overlap("one", "two") == 0)
        #expect(TraceDiversity.overlap("", "two") == 0)
    }

    @Test func theLimitItselfIsAllowed() {
        var diversity = TraceDiversity(limit: 0.5)
        diversity.keep("p q r s")
        diversity.keep("a b c d")
        #expect(diversity.tooSimilar(to: "a b x y z") == nil)
        let found = diversity.tooSimilar(to: "a b c y z")
        #expect(found?.place == 1 && found?.overlap == 0.75)
    }
}
