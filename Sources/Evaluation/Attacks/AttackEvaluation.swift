import Foundation
import Records

/// Asks a model about clean and adversarial images, as it is asked about any.
public struct AttackEvaluation {
    let task: EvaluationTask
    let plan: AttackPlan
    let records: [AttackRecord]
    let folder: URL

    /// - Parameters:
    ///   - records: one for each of the task's questions, in their order.
    ///   - folder: where the images lie.
    public init(
        _ task: EvaluationTask, _ plan: AttackPlan, records: [AttackRecord], folder: URL
    ) {
        precondition(records.map(\.id) == task.items.map(\.id), "records of other questions")
        (self.task, self.plan, self.records, self.folder) = (task, plan, records, folder)
    }

    /// Asks all questions that have no error, about each of their images.
    ///
    /// - Parameter answer: answers a task.
    /// - Throws: what `answer` throws.
    public func run(
        _ facts: AttackSummary.Facts, answer: (EvaluationTask) throws -> [ItemResult]
    ) throws -> (summary: AttackSummary, answers: AttackSummary.Answers) {
        let kept = records.indices.filter { records[$0].error == nil }
        let errors = records.compactMap { record in
            record.error.map { AttackSummary.Failure(id: record.id, reason: $0) }
        }
        let clean = kept.isEmpty ? [] : try answer(task.with(items: kept.map { task.items[$0] }))
        var attacked: [(attack: AttackMethod, epsilon: Double, items: [ItemResult])] = []
        for attack in plan.attacks {
            for epsilon in plan.epsilons where !kept.isEmpty {
                let items = kept.map { shown(task.items[$0], records[$0], attack, epsilon) }
                attacked.append((attack, epsilon, try answer(task.with(items: items))))
            }
        }
        let answers = AttackSummary.Answers(clean: clean, attacked: attacked)
        let summary = AttackSummary(
            facts, plan, answers, records: kept.map { records[$0] }, errors: errors)
        return (summary, answers)
    }

    private func shown(
        _ item: EvaluationItem, _ record: AttackRecord, _ attack: AttackMethod, _ epsilon: Double
    ) -> EvaluationItem {
        let finding = record.findings.first { $0.attack == attack && $0.epsilon == epsilon }
        guard let finding else { return item }
        return item.with(images: [
            ImageReference(path: folder.appending(path: finding.image).path)
        ])
    }
}
