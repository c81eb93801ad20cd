import Feedback
import FileFormats
import Foundation
import Recipes
import Records

/// What one training is made from: judgements that are there, the version it goes on from.
struct UpdatePlan: Sendable {
    let method: UpdateMethod
    let parent: ModelVersion
    let lines: JudgementLines
    /// Of `grpo`.
    let prompts: PromptFile?
    /// Pairs that a reward model is measured on.
    let heldOut: JudgementLines?
    /// The folder that the images of the records lie in; nil where they have none.
    let imageRoot: String?

    /// - Throws: `ServiceError.tooFew`, or the store's errors, among them that of an image whose
    ///   file is gone.
    static func make(
        _ method: UpdateMethod, store: FeedbackStore, agreementLevel: Double,
        rewardModel: String?
    ) async throws(ServiceError) -> UpdatePlan {
        let parent = try await serving { try await store.versions.current() }
        let lines = try await serving {
            try await store.datasets.build(method.dataset, agreementLevel: agreementLevel)
        }
        var prompts: PromptFile?
        var heldOut: JudgementLines?
        if method == .grpo {
            let cases = try await serving { try await judgedCases(store, agreementLevel) }
            prompts = PromptFile(cases: cases, rewardModel: rewardModel)
        }
        if method == .reward {
            heldOut = try await serving {
                try await store.datasets.build(
                    .preference, heldOut: true, agreementLevel: agreementLevel)
            }
        }
        let images = (prompts?.images ?? lines.images).union(heldOut?.images ?? [])
        try await serving { _ = try store.references(Array(images)) }
        let plan = UpdatePlan(
            method: method, parent: parent, lines: lines, prompts: prompts, heldOut: heldOut,
            imageRoot: images.isEmpty ? nil : store.images?.url.path)
        guard plan.count >= UpdateMethod.fewest else {
            let needed = "\(method.rawValue) needs at least \(UpdateMethod.fewest)"
            throw .tooFew("\(needed) \(method.unit) that are not held out; there are \(plan.count)")
        }
        return plan
    }

    /// Records of the training file.
    var count: Int { prompts?.lines.count ?? lines.count }

    /// Writes the data and tells the recipe that reads it.
    func write(to folder: JobFolder, model: String) throws(ServiceError) -> UpdateRecipe {
        do {
            if let prompts {
                try JSONLines.write(prompts.lines, to: folder.data)
            } else {
                try lines.write(to: folder.data)
            }
            if let heldOut, heldOut.count > 0 { try heldOut.write(to: folder.heldOut) }
        } catch {
            throw ServiceError(error)
        }
        let hasHeldOut = (heldOut?.count ?? 0) > 0
        let source = UpdateRecipe.Source(
            model: model, adapter: method == .reward ? nil : parent.adapter,
            trainFile: folder.data.lastPathComponent, count: count,
            heldOut: hasHeldOut ? folder.heldOut.lastPathComponent : nil, imageRoot: imageRoot)
        do throws(RecipeError) {
            return try UpdateRecipe(method, source, rewards: prompts?.rewards ?? [])
        } catch {
            throw ServiceError(error)
        }
    }

    private static func judgedCases(
        _ store: FeedbackStore, _ agreementLevel: Double
    ) async throws(FeedbackError) -> [ClinicalCase] {
        let pairs = try await store.datasets.pairs(heldOut: false, agreementLevel: agreementLevel)
        var cases: [ClinicalCase] = []
        for id in Set(pairs.compactMap(\.caseID)).sorted() {
            cases.append(try await store.cases.find(id))
        }
        return cases
    }
}
