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
                let way = method.system == nil ? template.rawValue : method.name
                let name = subjects.isEmpty ? "" : ", \(way)"
                subjects.append(
                    try subject(StudyMethod.baseName + name, template) {
                        base.appending(path: $0.name)
                    })
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
                ("model", recipe.model), ("weights", recipe.dtype.rawValue), ("device", device),
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

    /// Of the questions that the models were asked.
    private func probe() throws -> FoldReport.Subject {
        let first = plan.methods[0]
        let template = plan.template(of: first)
        return try pooled("probe", template, showsControls: false) { split in
            let folder = plan.matrixFolder(first, of: split).appending(path: split.name)
            let asked = try EvaluationOutput(reading: folder).items.map(\.id)
            let answers = try EvaluationOutput(reading: plan.probeFolder(split)).items
            let known = Dictionary(
                answers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            return TemplateResults(
                template: template, items: asked.compactMap { known[$0] }, controls: [:])
        }
    }

    private func pooled(
        _ name: String, _ template: AnswerTemplate, showsControls: Bool,
        _ results: (StudySplit) throws -> TemplateResults
    ) throws -> FoldReport.Subject {
        let recipe = plan.recipe
        let folds = try plan.splits.map { split in
            let results = try results(split)
            return AnsweredFold(
                task: try questions(of: split, answeredIn: results),
                training: try TextTraining(reading: URL(filePath: split.train)),
                results: results)
        }
        let settings = VisionSettings(
            templates: [template],
            method: recipe.evaluateBy[0],
            maximumTokens: recipe.maxTokens > 0 ? recipe.maxTokens : nil,
            showsControls: showsControls, seed: recipe.seed)
        return FoldReport.Subject(
            name: name,
            summary: VisionSummary(
                pooling: folds, model: recipe.model, adapter: name, settings: settings))
    }

    /// Those that were asked, in the order of their answers: some may have been left out, since
    /// they have no options or by `limit`.
    private func questions(
        of split: StudySplit, answeredIn results: TemplateResults
    ) throws -> VisionTask {
        let recipe = plan.recipe
        let task = try VisionTask.load(
            recipe.task.value?.vision ?? .omnimedvqa, URL(filePath: split.test),
            images: recipe.imageOrigin, clusteredBy: plan.clusterColumn)
        let known = Dictionary(
            task.questions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let asked = try results.items.map { item in
            guard let question = known[item.id] else {
                throw FormatError(
                    file: split.test, item: item.id, reason: "was answered and is not asked")
            }
            return question
        }
        return VisionTask(
            kind: task.kind, questions: asked, dataHash: task.dataHash,
            imagesHash: task.imagesHash, problems: task.problems)
    }
}
