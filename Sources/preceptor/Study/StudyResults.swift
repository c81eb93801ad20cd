import Datasets
import Evaluation
import FileFormats
import Foundation
import Plots
import Recipes
import Torch
import Tracking

/// Reads what the stages of a study left, and makes the report of it.
struct StudyResults {
    let plan: StudyPlan

    init(_ plan: StudyPlan) { self.plan = plan }

    func report(command: String, device: String) throws -> StudyReport {
        var subjects = [try subject(StudyMethod.baseName, [])]
        for method in plan.methods {
            subjects.append(try subject(method.name, method.trainings))
        }
        let recipe = plan.recipe
        return StudyReport(
            title: recipe.title, entries: try StudyEntry.entries(of: subjects),
            curves: try curves(),
            examples: recipe.showAnswers ? try examples(subjects) : [],
            environment: [
                ("model", recipe.model), ("weights", recipe.dtype.rawValue), ("device", device),
                ("seed", "\(recipe.seed)"), ("libtorch", Runtime.libtorchVersion),
            ],
            command: command)
    }

    private func subject(
        _ name: String, _ trainings: [StudyMethod.Training]
    ) throws -> StudySubject {
        func answers(_ kind: String, _ file: String) throws -> AnswerOutput? {
            if file.isEmpty { return nil }
            return try AnswerOutput(reading: plan.measurementFolder(kind, of: name))
        }
        return StudySubject(
            name: name, trainings: try trainings.map { try training($0, of: name) },
            evaluations: try plan.recipe.evaluateBy.map {
                try EvaluationOutput(reading: plan.measurementFolder($0.rawValue, of: name))
            },
            answers: try answers("answers", plan.recipe.prompts),
            safety: try answers("safety", plan.recipe.safetyPrompts))
    }

    private func training(
        _ training: StudyMethod.Training, of name: String
    ) throws -> StudyEntry.Training {
        let folder = plan.trainingFolder(training, of: name)
        let marker = folder.appending(path: "done.json")
        guard let record = try StageRecord.read(marker) else {
            throw FormatError(file: marker.path, reason: "is missing")
        }
        let rows = try MetricsLog.rows(of: RunFolder(folder).metrics)
        // A process that was killed told its memory only here.
        let noted = rows.compactMap { $0.values[MetricName.peakMemory] }.max() ?? 0
        return StudyEntry.Training(
            method: training.method.rawValue, seconds: record.seconds,
            peakMemoryBytes: max(record.peakMemoryBytes, Int(noted)),
            trainableParameters: try Self.parameters(in: folder),
            steps: rows.map(\.step).max() ?? 0)
    }

    /// Numbers in all adapters of a run's result, heads included; checkpoints hold the same.
    private static func parameters(in folder: URL) throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { !RunFolder.isCheckpoint($0) && !$0.hasPrefix(".") }.reduce(0) {
            let file = folder.appending(path: "\($1)/adapter_model.safetensors")
            guard FileManager.default.fileExists(atPath: file.path) else { return $0 }
            return try Safetensors(url: file).tensors.reduce($0) { $0 + $1.elementCount }
        }
    }

    /// What is drawn of a training besides its loss, where it was measured.
    private static let curveNames = [
        MetricName.reward, MetricName.score, MetricName.accuracy,
        MetricName.heldOut(MetricName.accuracy), MetricName.rewardAccuracy, MetricName.rewardMargin,
        MetricName.divergence, MetricName.completionDivergence, MetricName.entropy,
        MetricName.meanLength, MetricName.clippedRatio,
    ]

    private func curves() throws -> [StudyReport.Curves] {
        try plan.methods.flatMap { method in
            try method.trainings.map { training in
                let folder = plan.trainingFolder(training, of: method.name)
                let rows = try MetricsLog.rows(of: RunFolder(folder).metrics)
                let others = Self.curveNames.compactMap { Self.chart($0, rows) }
                return StudyReport.Curves(
                    title: "\(method.name): \(training.method.rawValue)",
                    charts: [lossChart(of: rows)] + others)
            }
        }
    }

    private static func chart(_ name: String, _ rows: [MetricsRow]) -> LineChart? {
        let points = rows.compactMap { row in
            row.values[name].map { Series.Point(x: Double(row.step), y: $0) }
        }
        guard let first = points.first, let last = points.last else { return nil }
        return LineChart(
            title: name,
            summary: String(format: "%@ is %.4f at first and %.4f at last.", name, first.y, last.y),
            xLabel: "optimizer step", yLabel: name,
            series: [
                Series(name: name, points: points, smoothing: points.count >= 50 ? 0.9 : nil)
            ])
    }

    /// The first prompts of the held-out file, not chosen ones, with every model's answer.
    private func examples(_ subjects: [StudySubject]) throws -> [Comparison] {
        guard !plan.recipe.prompts.isEmpty, let base = subjects.first?.answers else { return [] }
        let file = try RecordFile<PromptRecord>(
            reading: URL(filePath: plan.recipe.prompts), policy: .stop)
        let prompts = Dictionary(
            file.records.map { ($0.id ?? "line \($0.line)", $0) }
        ) { first, _ in first }
        return base.rows.indices.prefix(plan.recipe.examples).compactMap { place in
            prompts[base.rows[place].id].map { record in
                Comparison(
                    prompt: record.prompt.asMessages.map(\.content).joined(separator: "\n\n"),
                    expected: record.answer(in: plan.recipe.referenceColumn),
                    answers: subjects.compactMap { subject in
                        subject.answers.map {
                            .init(label: subject.name, text: $0.rows[place].text, isRight: nil)
                        }
                    })
            }
        }
    }
}
