import Feedback
import Foundation
import Records

/// What is done for one training job, step by step. Cancelling its task stops it.
struct UpdateWork: Sendable {
    let service: UpdateService
    let job: TrainingJob
    let plan: UpdatePlan

    private var store: FeedbackStore { service.store }
    private var settings: UpdateSettings { service.settings }

    func run() async throws {
        // What is gone is told before the training, not after it.
        if plan.method != .reward { try await evaluator.check() }
        let folder = try JobFolder.create(job: job.id, in: settings.folder)
        let (recipe, version) = try await prepare(folder)
        try await train(folder, recipe)
        if let version {
            try await evaluate(version, folder)
        } else {
            try await keepRewardModel(folder)
        }
    }

    private func prepare(_ folder: JobFolder) async throws -> (UpdateRecipe, ModelVersion?) {
        let recipe = try plan.write(to: folder, model: settings.model)
        try recipe.text.write(to: folder.recipe, atomically: true, encoding: .utf8)
        let dataset = try await store.datasets.add(
            plan.lines, path: folder.data.path, actor: job.startedBy)
        var version: ModelVersion?
        if plan.method != .reward {
            version = try await store.versions.create(
                parentID: plan.parent.id, method: plan.method.rawValue, recipe: recipe.text,
                datasetID: dataset.id, actor: job.startedBy)
        }
        let prepared = try await store.jobs.prepare(
            job.id, folder: folder.url.path, datasetID: dataset.id, versionID: version?.id,
            actor: job.startedBy)
        await service.publish(prepared)
        return (recipe, version)
    }

    private func train(_ folder: JobFolder, _ recipe: UpdateRecipe) async throws {
        await service.publish(
            try await store.jobs.transition(job.id, to: .training, actor: nil))
        try await store.jobs.progress(job.id, step: 0, steps: recipe.steps)
        let training = TrainingRun(
            program: settings.program, method: plan.method, folder: folder,
            niceness: settings.niceness, grace: settings.grace,
            pollInterval: settings.pollInterval)
        try await training { [store, service, job] rows in
            guard let last = rows.last else { return }
            await service.publish(rows)
            // Progress that is not stored is shown with the next step's.
            try? await store.jobs.progress(job.id, step: last.step, steps: recipe.steps)
        }
    }

    private var evaluator: VersionEvaluator {
        VersionEvaluator(
            store: store, engine: service.engine, limits: settings.evaluation,
            agreementLevel: settings.agreementLevel)
    }

    private func evaluate(_ version: ModelVersion, _ folder: JobFolder) async throws {
        await service.publish(
            try await store.jobs.transition(job.id, to: .evaluating, actor: nil))
        let metrics = try await evaluator.metrics(
            before: plan.parent.adapter, after: folder.run.adapter.path)
        _ = try await store.versions.complete(
            version.id, adapter: folder.run.adapter.path, metrics: metrics.json, actor: nil)
        // Who rolled back or promoted meanwhile has decided; the measures are against the parent.
        guard metrics.isNotWorse, try await store.versions.current().id == plan.parent.id else {
            return
        }
        _ = try await store.versions.promote(
            version.id, reason: "not worse on what is held out", actor: nil)
    }

    private func keepRewardModel(_ folder: JobFolder) async throws {
        let result = RewardModelResult(
            jobID: job.id, folder: folder, heldOut: plan.heldOut?.count ?? 0,
            curves: await MetricsTail.curves(folder.run.metrics))
        try result.write(to: folder)
    }
}
