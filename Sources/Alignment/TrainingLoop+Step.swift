import Layers
import Optimizers
import Torch

// The one place in which a step is judged and what it would change is changed.

extension TrainingLoop {
    /// Takes the next step: computes it, and accepts it or leaves everything as it was.
    ///
    /// A step whose numbers are not finite is left out. Its records are passed by; weights,
    /// moments, the method's own state, the place in the schedule and the random streams are those
    /// of before, so that the run goes on as one that never met these records.
    func take(
        _ step: (Int) throws -> StepReport, _ record: inout TrainingState.Record
    ) throws -> (StepReport, StepVerdict) {
        let streams = state.streams
        var report = try step(record.step)
        defer { state.optimizer.clearGradients() }
        let verdict = try judge(&report)
        if case .accepted = verdict {
            state.optimizer.update(learningRate: schedule.rate(at: record.updates))
            report.accept()
        } else {
            state.streams = streams
        }
        record.count(report, verdict)
        return (report, verdict)
    }

    /// Clips, and decides what becomes of a step.
    private func judge(_ report: inout StepReport) throws -> StepVerdict {
        if report.records.isEmpty { return .empty }
        let limit = settings.maxGradNorm > 0 ? settings.maxGradNorm : nil
        let norms = state.clipGradients(limit: limit)
        if norms.count > 1 { report.values.merge(norms.curves) { $1 } }
        let norm = norms.whole
        if let what = report.fault(norm: norm) {
            return .leftOut(try fault(what, in: report))
        }
        return state.parameters.contains { $0.grad != nil } ? .accepted(norm: norm) : .empty
    }

    /// Tries the records of a step one by one, until it is clear which is at fault.
    private func fault(_ what: String, in report: StepReport) throws -> StepFault {
        var fault = StepFault(what: what, records: report.records)
        guard let alone = report.alone, report.records.count > 1 else { return fault }
        var (first, hasSoundRecord) = (String?.none, false)
        for (index, id) in report.records.enumerated() where first == nil || !hasSoundRecord {
            state.optimizer.clearGradients()
            let single = try alone(index)
            if single.fault(norm: state.clipGradients(limit: nil).whole) == nil {
                hasSoundRecord = true
            } else {
                first = first ?? id
            }
        }
        if let first, hasSoundRecord { fault.records = [first] }
        fault.hasSoundRecord = hasSoundRecord
        return fault
    }
}

extension Validation {
    /// Which of the records is at fault where the loss is not a finite number.
    func alarm() throws -> String {
        let first = try alone.flatMap { alone in
            try records.indices.first { try !alone($0).loss.isFinite }
        }
        let text = "the validation loss is not a finite number"
        return first.map { "\(text) (\([records[$0]].named))" } ?? text
    }
}
