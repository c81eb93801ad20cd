import Records

@testable import Feedback

/// A store with an administrator, two experts, the base model and what tests add.
struct World {
    let clock = TestClock()
    let store: FeedbackStore
    let admin: Int64
    let ann: Int64
    let bob: Int64
    let base: Int64

    init(_ kind: StoreKind, images: ImageFolder? = nil) async throws {
        store = FeedbackStore(try kind.open(clock).database, images: images)
        admin = try await store.accounts.create(
            name: "admin", role: .administrator, passwordHash: "hash", actor: nil
        ).id
        ann = try await store.accounts.create(
            name: "ann", role: .expert, passwordHash: "hash", actor: admin
        ).id
        bob = try await store.accounts.create(
            name: "bob", role: .expert, passwordHash: "hash", actor: admin
        ).id
        base = try await store.versions.ensureBase(model: "tiny").id
    }

    /// A case that is, or is not, kept for evaluation.
    func addCase(_ number: Int = 1, heldOut: Bool = false) async throws -> ClinicalCase {
        var suffix = 0
        while HeldOut.contains("case.\(number).\(suffix)") != heldOut { suffix += 1 }
        let draft = CaseDraft(
            id: "case.\(number).\(suffix)", question: "Patient \(number): what is it?",
            options: [
                CaseOption(letter: "A", text: "Asthma"),
                CaseOption(letter: "B", text: "Bronchitis"),
            ], answer: "A", diagnosis: "Asthma")
        return try await store.cases.add(draft, actor: admin)
    }

    /// A finished sampling whose kept traces have these texts.
    func sample(
        _ texts: [String], of item: ClinicalCase?, version: Int64? = nil,
        images: [CaseImage] = []
    ) async throws -> (sampling: Sampling, traces: [Trace]) {
        let prompt = item?.messages ?? [Message(role: "user", content: "What is asthma?")]
        let request = SamplingRequest(
            caseID: item?.id, prompt: prompt, images: images, versionID: version ?? base,
            wanted: texts.count,
            schedule: SamplingSchedule(), verify: item != nil)
        let id = try await store.samplings.create(request, actor: ann).id
        _ = try await store.samplings.transition(id, to: .running, actor: nil)
        var traces: [Trace] = []
        for text in texts {
            traces.append(try await store.samplings.append(.kept(text), to: id, actor: nil))
        }
        return (try await store.samplings.transition(id, to: .verified, actor: nil), traces)
    }

    /// Ranks the traces of a sampling, in the order of their attempts.
    @discardableResult
    func rank(
        _ sampling: Int64, by account: Int64, _ ranks: [Int], revision: Int = 0,
        unacceptable: Bool = false
    ) async throws -> Ranking {
        _ = try await store.rankings.sheet(sampling, for: account)
        let traces = try await store.samplings.traces(of: sampling).filter(\.kept)
        let values = Dictionary(uniqueKeysWithValues: zip(traces.map(\.id), ranks))
        let submission = RankingSubmission(
            revision: revision, ranks: ByTrace(values), unacceptable: unacceptable)
        return try await store.rankings.submit(submission, samplingID: sampling, by: account)
    }
}

extension TraceDraft {
    static func kept(_ text: String) -> TraceDraft {
        TraceDraft(
            text: text, finish: "stop", tokens: 12, logProbability: -7.25, seed: 3,
            temperature: 0.6, verdict: .correct, reason: "", kept: true)
    }

    static func rejected(_ text: String) -> TraceDraft {
        TraceDraft(
            text: text, finish: "stop", tokens: 12, logProbability: -7.25, seed: 3,
            temperature: 0.6, verdict: .wrong, reason: "answers B", kept: false)
    }
}
