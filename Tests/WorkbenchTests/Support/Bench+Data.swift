import Feedback
import Records

@testable import Workbench

extension Bench {
    /// A case with two options.
    func addCase(_ question: String = "Which drug?") async throws -> ClinicalCase {
        try await store.cases.add(
            CaseDraft(
                question: question,
                options: [
                    CaseOption(letter: "A", text: "Aspirin"),
                    CaseOption(letter: "B", text: "Heparin"),
                ], answer: "A"), actor: nil)
    }

    /// A finished sampling with these kept texts and one that was rejected.
    func addSampling(
        of caseID: CaseID?, _ texts: [String] = ["First.", "Second."], version: Int64 = 1,
        verify: Bool = false
    ) async throws -> Sampling {
        let sampling = try await store.samplings.create(
            SamplingRequest(
                caseID: caseID, prompt: [Message(role: "user", content: "Which drug?")],
                versionID: version, wanted: texts.count, schedule: SamplingSchedule(),
                verify: verify), actor: nil)
        _ = try await store.samplings.transition(sampling.id, to: .running, actor: nil)
        for text in texts {
            _ = try await store.samplings.append(
                Self.trace(text, kept: true), to: sampling.id, actor: nil)
        }
        _ = try await store.samplings.append(
            Self.trace("Bad.", kept: false), to: sampling.id, actor: nil)
        return try await store.samplings.transition(sampling.id, to: .verified, actor: nil)
    }

    /// A trained version that is not current, with its accuracy before and after.
    func addVersion(before: Double, after: Double) async throws -> ModelVersion {
        let version = try await store.versions.create(
            parentID: 1, method: "dpo", recipe: "", datasetID: nil, actor: nil)
        let change = JSONValue.object([
            "before": .number(before), "after": .number(after), "n": .integer(10),
        ])
        return try await store.versions.complete(
            version.id, adapter: "/adapters/1",
            metrics: .object(["preferenceAccuracy": change, "caseAccuracy": change]),
            actor: nil)
    }

    private static func trace(_ text: String, kept: Bool) -> TraceDraft {
        TraceDraft(
            text: text, finish: "stop", tokens: 3, logProbability: -4.5, seed: 1,
            temperature: 0.6, verdict: kept ? .unverified : .similar,
            reason: kept ? "" : "too similar", kept: kept)
    }
}
