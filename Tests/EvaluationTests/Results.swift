import Evaluation
import Foundation
import TestSupport

/// Rows as a script would give them: "a b:b" is group a, gold b, predicted b; no text behind the
/// colon is a reply without an answer.
func results(_ rows: String...) -> [ItemResult] {
    rows.enumerated().map { index, row in
        let parts = row.split(separator: " ")
        let labels = parts[1].split(separator: ":", omittingEmptySubsequences: false).map(
            String.init
        )
        return ItemResult(
            id: "q\(index)",
            group: parts[0] == "-" ? nil : String(parts[0]),
            gold: labels[0],
            predicted: labels[1].isEmpty ? nil : labels[1],
            text: "reply"
        )
    }
}

func output(_ items: [ItemResult], model: String = "m") -> EvaluationOutput {
    let summary = EvaluationSummary(
        task: "t",
        method: .generation,
        model: model,
        adapter: nil,
        seed: 7,
        items: items
    )
    return EvaluationOutput(summary: summary, items: items)
}

func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try TestFiles.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
}
