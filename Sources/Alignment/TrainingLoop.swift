import Foundation
import Generation
import Optimizers
import Torch
import Tracking

/// How a run ended.
public struct TrainingOutcome: Sendable {
    public var steps: Int
    public var interrupted: Bool
    public var finalLoss: Double?
    public var bestValidationLoss: Double?
    public var tokensPerSecond: Double
    public var peakMemoryBytes: Int
    /// Wall time of the steps of this process.
    public var seconds: Double
    /// Steps left out because their loss or gradient was not a finite number.
    public var skippedSteps: Int
    /// Everything the run raised, each with the number of times it did.
    public var alarms: [String: Int]
}

/// The loop that every trainer calls with its step: clip, update, log, validate, checkpoint.
struct TrainingLoop {
    struct Settings {
        var totalSteps: Int
        var maxGradNorm: Double
        var loggingSteps: Int
        var evalSteps: Int
        var saveSteps: Int
        var keptCheckpoints: Int
    }

    let settings: Settings
    let schedule: Schedule
    let state: TrainingState
    let folder: RunFolder
    let interruption: Interruption

    /// Steps in a row that may fail before the run ends.
    private static let patience = 5

    /// - Parameters:
    ///   - record: where the run stands; a new one begins at step 0.
    ///   - epoch: passes over the data after a number of steps.
    ///   - step: computes the gradients of the step with this number.
    ///   - validate: judges held-out records; nil without any.
    func run(
        from record: TrainingState.Record, epoch: (Int) -> Double,
        step: (Int) throws -> StepReport, validate: (() throws -> Validation)?
    ) throws -> TrainingOutcome {
        var record = record
        let curves = try Curves(folder: folder, resumedAt: record.step)
        var total = LoggingWindow()
        var progress = ProgressLine(startStep: record.step)
        var alarms: [String: Int] = [:]
        var lastLoss: Double?
        while record.step < settings.totalSteps, !interruption.isRequested {
            let start = ContinuousClock.now
            var report = try step(record.step)
            let norm = try update(&report, &record)
            let seconds = ContinuousClock.now.seconds(since: start)
            record.add(report, seconds: seconds)
            total.add(report, seconds: seconds)
            if report.loss.isFinite { lastLoss = report.loss }
            for alarm in report.alarms {
                if alarms[alarm] == nil { progress.print("step \(record.step)  warning: \(alarm)") }
                alarms[alarm, default: 0] += 1
            }
            progress.update(state(of: record, report.loss))
            let epochs = epoch(record.step)
            try logTraining(&record, norm, epochs, curves)
            let isBest = try logValidation(&record, validate, epochs, curves, progress)
            if isBest || isDue(record.step, every: settings.saveSteps) { try save(record, curves) }
        }
        if record.step < settings.totalSteps { try save(record, curves) }
        progress.finish()
        if record.skippedInARow > 0, record.step == settings.totalSteps {
            throw TrainingError.endedNotFinite(step: record.step)
        }
        try curves.plot()
        return TrainingOutcome(
            steps: record.step, interrupted: record.step < settings.totalSteps,
            finalLoss: lastLoss, bestValidationLoss: record.bestLoss,
            tokensPerSecond: total.tokensPerSecond, peakMemoryBytes: peakMemoryBytes(),
            seconds: total.totalSeconds, skippedSteps: record.skipped, alarms: alarms)
    }

    /// Whether something that happens every `interval` steps, and at the end, happens now.
    private func isDue(_ step: Int, every interval: Int) -> Bool {
        step % interval == 0 || step == settings.totalSteps
    }

    private func logTraining(
        _ record: inout TrainingState.Record, _ norm: Double?, _ epoch: Double, _ curves: Curves
    ) throws {
        guard isDue(record.step, every: settings.loggingSteps) else { return }
        var values = record.window.values
        values["grad_norm"] = norm
        values["learning_rate"] = schedule.rate(at: record.step - 1)
        values["num_tokens"] = Double(record.tokens)
        values["peak_memory_bytes"] = Double(peakMemoryBytes())
        if record.skipped > 0 { values["skipped_steps"] = Double(record.skipped) }
        try curves.append(MetricsRow(step: record.step, epoch: epoch, values: values))
        record.window = LoggingWindow()
    }

    /// Whether the model is better on held-out records than it ever was.
    private func logValidation(
        _ record: inout TrainingState.Record, _ validate: (() throws -> Validation)?,
        _ epoch: Double, _ curves: Curves, _ progress: ProgressLine
    ) throws -> Bool {
        guard let validate, isDue(record.step, every: settings.evalSteps) else { return false }
        let result = try validate()
        var values = ["eval_loss": result.loss]
        for (name, value) in result.values { values["eval_\(name)"] = value }
        try curves.append(MetricsRow(step: record.step, epoch: epoch, values: values))
        let texts = values.sorted { $0.key < $1.key }.map {
            "\($0.key) \(String(format: "%.4f", $0.value))"
        }
        progress.print("step \(record.step)  \(texts.joined(separator: "  "))")
        guard result.loss < record.bestLoss ?? .infinity else { return false }
        (record.bestLoss, record.bestStep) = (result.loss, record.step)
        return true
    }

    /// Clips and updates; a step whose numbers are not finite changes nothing and is counted.
    ///
    /// - Returns: the norm of the gradient before clipping; nil for a step left out.
    /// - Throws: ``TrainingError/notFinite(step:what:records:)`` when too many fail in a row; the
    ///   last checkpoint holds good weights.
    private func update(
        _ report: inout StepReport, _ record: inout TrainingState.Record
    ) throws -> Double? {
        let limit = settings.maxGradNorm > 0 ? settings.maxGradNorm : nil
        let norm = clipGradients(state.parameters, limit: limit)
        if state.parameters.allSatisfy({ $0.grad == nil }) {
            report.alarms.append("no record of the step reaches what is trained")
        }
        defer { state.optimizer.clearGradients() }
        for (what, value) in [("loss", report.loss), ("gradient", norm)] where !value.isFinite {
            record.skipped += 1
            record.skippedInARow += 1
            guard record.skippedInARow < Self.patience else {
                throw TrainingError.notFinite(
                    step: record.step + 1, what: what, records: report.records)
            }
            let ids = report.records.prefix(4).joined(separator: ", ")
            report.alarms.append("the \(what) is not a finite number: step left out (\(ids))")
            report.values = [:]
            return nil
        }
        record.skippedInARow = 0
        state.optimizer.update(learningRate: schedule.rate(at: record.step))
        return norm
    }

    /// Not after steps that were left out: the weights may be what made them fail.
    private func save(_ record: TrainingState.Record, _ curves: Curves) throws {
        guard record.skippedInARow == 0 else { return }
        // Curves first: a checkpoint never stands for steps whose numbers are lost.
        try curves.synchronize()
        try state.save(record, to: folder.checkpoint(record.step))
        // Later ones are damaged leftovers, which were passed over.
        let old = folder.checkpointSteps.filter { $0 <= record.step && $0 != record.bestStep }
        for step in old.dropFirst(settings.keptCheckpoints) {
            try FileManager.default.removeItem(at: folder.checkpoint(step))
        }
        try curves.plot()
    }

    private func state(of record: TrainingState.Record, _ loss: Double) -> ProgressState {
        ProgressState(
            step: record.step, total: settings.totalSteps, loss: loss,
            tokensPerSecond: record.window.tokensPerSecond, memoryBytes: residentMemoryBytes())
    }
}
