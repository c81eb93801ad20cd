import Evaluation
import Foundation
import Generation

/// One evaluation with its progress told on standard error.
enum Measuring {
    static func measure(
        _ model: LanguageModel, _ task: EvaluationTask, _ method: EvaluationMethod,
        maxTokens: Int?, names: (model: String, adapter: String?), seed: UInt64
    ) throws -> EvaluationOutput {
        let started = ContinuousClock.now
        let evaluator = Evaluator(model) { progress in
            if isatty(STDERR_FILENO) == 1 {
                let end = progress.done == progress.total ? "\r\u{1B}[K" : ""
                FileHandle.standardError.write(
                    Data("\r\(progress.done)/\(progress.total) questions\(end)".utf8))
            }
        }
        let items =
            switch method {
            case .likelihood: try evaluator.likelihood(task)
            case .generation:
                try evaluator.generation(
                    task, settings: .greedy(maximumTokens: maxTokens ?? task.maximumTokens))
            }
        let seconds = (ContinuousClock.now - started).components.seconds
        Output.note("\(items.count) questions by \(method.rawValue) in \(seconds) s")
        let summary = EvaluationSummary(
            task: task.name, method: method, model: names.model, adapter: names.adapter,
            seed: seed, items: items)
        return EvaluationOutput(summary: summary, items: items)
    }
}
