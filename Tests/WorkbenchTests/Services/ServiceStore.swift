import Feedback
import Foundation
import Records
import TestSupport

/// A store in memory with the base model, an expert, and cases of both kinds of use.
struct ServiceStore {
    let store: FeedbackStore
    let expert: Int64

    init() async throws {
        let images = ImageFolder(try TestFiles.scratchFolder().appending(path: "images"))
        store = FeedbackStore(try .inMemory(), images: images)
        _ = try await store.versions.ensureBase(model: "tiny")
        expert = try await store.accounts.create(
            name: "expert", role: .expert, passwordHash: "-", actor: nil
        ).id
    }

    /// A case whose answer is B, kept for evaluation or not; the hash of the id decides which, so
    /// ids are tried.
    func addCase(
        heldOut: Bool = false, name: String = "case", images: [CaseImage] = []
    ) async throws -> ClinicalCase {
        for number in 0..<200 {
            var draft = CaseDraft(
                id: "\(name)-\(number)", question: "Which drug for patient \(number)?",
                options: [
                    CaseOption(letter: "A", text: "Aspirin"),
                    CaseOption(letter: "B", text: "Heparin"),
                ], answer: "B")
            // One of this id is there already.
            guard let added = try? await store.cases.add(draft, actor: nil) else { continue }
            let isWanted = added.heldOut == heldOut
            if isWanted, images.isEmpty { return added }
            try await store.cases.delete(added.id, actor: nil)
            // Not before: images go with their last case.
            draft.images = images.map(\.hash)
            if isWanted { return try await store.cases.add(draft, actor: nil) }
        }
        throw FeedbackError.notFound("case that is as wanted", id: name)
    }

    /// A finished sampling of the case by the base model, with these kept texts.
    func addSampling(of clinicalCase: ClinicalCase, _ texts: [String]) async throws -> Sampling {
        let sampling = try await store.samplings.create(
            SamplingRequest(
                caseID: clinicalCase.id, prompt: clinicalCase.messages,
                images: clinicalCase.images, versionID: 1, wanted: texts.count,
                schedule: SamplingSchedule(), verify: false), actor: nil)
        _ = try await store.samplings.transition(sampling.id, to: .running, actor: nil)
        for text in texts {
            let trace = TraceDraft(
                text: text, finish: "stop", tokens: 2, logProbability: -3, seed: 1,
                temperature: 0.6, verdict: .unverified, reason: "", kept: true)
            _ = try await store.samplings.append(trace, to: sampling.id, actor: nil)
        }
        return try await store.samplings.transition(sampling.id, to: .verified, actor: nil)
    }

    /// The expert ranks a sampling's traces in the order of their attempts, the first the best.
    func rank(_ sampling: Sampling, unacceptable: Bool = false) async throws {
        _ = try await store.rankings.sheet(sampling.id, for: expert)
        let traces = try await store.samplings.traces(of: sampling.id)
        let ranks = Dictionary(
            uniqueKeysWithValues: traces.enumerated().map { ($0.element.id, $0.offset + 1) })
        _ = try await store.rankings.submit(
            RankingSubmission(revision: 0, ranks: ByTrace(ranks), unacceptable: unacceptable),
            samplingID: sampling.id, by: expert)
    }

    /// A case with two ranked answers, the first the better: one pair.
    @discardableResult
    func addPair(
        heldOut: Bool = false, _ texts: [String] = ["a good answer", "some bad one"],
        images: [CaseImage] = []
    ) async throws -> Sampling {
        let item = try await addCase(heldOut: heldOut, images: images)
        let sampling = try await addSampling(of: item, texts)
        try await rank(sampling)
        return sampling
    }
}
