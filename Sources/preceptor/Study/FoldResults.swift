import Evaluation
import FileFormats
import Foundation
import Torch

/// Reads what the stages of a cross-validation left, and makes the report of it.
struct FoldResults {
    let plan: StudyPlan

    init(_ plan: StudyPlan) { self.plan = plan }

    func report(command: String, device: String) throws -> FoldReport {
        let recipe = plan.recipe
        var subjects: [FoldReport.Subject] = []
        for (number, method) in plan.methods.enumerated() {
            let template = plan.template(of: method)
            // Methods of one template share what the model before training answers.
            let base = plan.matrixFolder(method, of: nil)
            let isFirst = !plan.methods.prefix(number).contains {
                plan.matrixFolder($0, of: nil) == base
            }
            if isFirst {
                let name =
                    number == 0
                    ? StudyMethod.baseName
                    : "\(StudyMethod.baseName), \(template.rawValue)"
                subjects.append(try subject(name, template) { base.appending(path: $0.name) })
            }
            subjects.append(
                try subject(method.name, template) { split in
                    plan.matrixFolder(method, of: split).appending(path: split.name)
                })
        }
        if recipe.probe { subjects.append(try probe()) }
        return FoldReport(
            title: recipe.title, folds: recipe.folds, subjects: subjects,
            environment: [
                ("model", recipe.model), ("weights", recipe.dtype), ("device", device),
                ("seed", "\(recipe.seed)"), ("libtorch", Runtime.libtorchVersion),
            ],
            command: command)
    }

    private func subject(
        _ name: String, _ template: AnswerTemplate, _ folder: (StudySplit) -> URL
    ) throws -> FoldReport.Subject {
        try pooled(name, template, showsControls: plan.recipe.controls) { split in
            try TemplateResults(
                reading: folder(split), template, showsControls: plan.recipe.controls)
        }
    }

    private func probe() throws -> FoldReport.Subject {
        try pooled("probe", .plain, showsControls: false) { split in
            TemplateResults(
                template: .plain,
                items: try EvaluationOutput(reading: plan.probeFolder(split)).items, controls: [:])
        }
    }

    private func pooled(
        _ name: String, _ template: AnswerTemplate, showsControls: Bool,
        _ results: (StudySplit) throws -> TemplateResults
    ) throws -> FoldReport.Subject {
        let recipe = plan.recipe
        let folds = try plan.splits.map { split in
            AnsweredFold(
                task: try questions(of: split),
                training: try TextTraining(reading: URL(filePath: split.train)),
                results: try results(split))
        }
        let settings = VisionSettings(
            templates: [template],
            method: EvaluationMethod(rawValue: recipe.evaluateBy[0]) ?? .generation,
            maximumTokens: recipe.maxTokens > 0 ? recipe.maxTokens : nil,
            showsControls: showsControls, seed: recipe.seed)
        return FoldReport.Subject(
            name: name,
            summary: VisionSummary(
                pooling: folds, model: recipe.model, adapter: name, settings: settings))
    }

    /// As they were asked: without open ones by likelihood.
    private func questions(of split: StudySplit) throws -> VisionTask {
        let recipe = plan.recipe
        let task = try VisionTask.load(
            TaskName(rawValue: recipe.task)?.vision ?? .omnimedvqa, URL(filePath: split.test),
            images: recipe.imageOrigin, clusteredBy: plan.clusterColumn,
            selection: recipe.limit > 0 ? .random(recipe.limit, seed: recipe.seed) : .all)
        guard recipe.evaluateBy[0] == EvaluationMethod.likelihood.rawValue else { return task }
        return VisionTask(
            kind: task.kind, questions: task.questions.filter { !$0.asked.isOpen },
            dataHash: task.dataHash, imagesHash: task.imagesHash, problems: task.problems)
    }
}
