import Evaluation
import FileFormats
import Foundation
import Torch

/// Reads what the stages of a study of transfer left, and makes the report of it.
struct MatrixResults {
    let plan: StudyPlan

    init(_ plan: StudyPlan) { self.plan = plan }

    func report(command: String, device: String) throws -> MatrixReport {
        let columns = plan.splits.map(\.name)
        let subjects = try plan.methods.map(subject)
        let recipe = plan.recipe
        let difference =
            try subjects.count < 2
            ? nil
            : MatrixDifference(subjects[0], subjects[1], columns: columns, seed: recipe.seed)
        return MatrixReport(
            title: recipe.title, matrices: subjects.map { $0.matrix(columns: columns) },
            difference: difference,
            environment: [
                ("model", recipe.model), ("weights", recipe.dtype.rawValue), ("device", device),
                ("seed", "\(recipe.seed)"), ("libtorch", Runtime.libtorchVersion),
            ],
            command: command)
    }

    private func subject(_ method: StudyMethod) throws -> MatrixSubject {
        let rows = try ([nil] + plan.splits.map(Optional.init)).map { split in
            (
                trainedOn: split?.name,
                cells: try plan.splits.map { part in
                    try cell(plan.matrixFolder(method, of: split).appending(path: part.name))
                }
            )
        }
        return MatrixSubject(
            name: method.name, template: plan.template(of: method), rows: rows)
    }

    private func cell(_ folder: URL) throws -> MatrixSubject.Cell {
        let summary = try VisionSummary(reading: folder)
        guard let row = summary.templates.first?.rows.first else {
            throw FormatError(file: folder.path, reason: "its summary has no row")
        }
        return MatrixSubject.Cell(
            summary: row, items: try EvaluationOutput(reading: folder).items)
    }
}
