import Foundation
import Generation
import Optimizers
import Recipes
import Torch
import Tracking

/// How a run ended.
public struct TrainingOutcome: Sendable {
    public var steps: Int
    public var interrupted: Bool
    public var finalLoss: Double?
    public var bestValidationLoss: Double?
    /// The step that had it; its checkpoint is kept.
    public var bestStep: Int?
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
        /// Validations in a row without a better one that end the run; 0 for none.
        var patience: Int
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
    ///   - step: computes the gradients of the step with this number, and changes nothing else; see
    ///     ``StepReport``.
    ///   - validate: judges held-out records; nil without any.
    func run(
        from record: TrainingState.Record, epoch: (Int) -> Double,
        step: (Int) throws -> StepReport, validate: (() throws -> Validation)?
    ) throws -> TrainingOutcome {
        var record = record
        let curves = try Curves(folder: folder, resumedAt: record.step)
        var total = LoggingWindow()
        var told = Alarms(progress: ProgressLine(startStep: record.step))
        var (lastLoss, lastGood) = (Double?.none, record.step)
        var suspicion = Suspicion()
        while !isOver(record), !interruption.isRequested {
            let start = ContinuousClock.now
            let (report, verdict) = try take(step, &record)
            let seconds = ContinuousClock.now.seconds(since: start)
            record.window.add(tokens: report.tokens, seconds: seconds)
            total.add(tokens: report.tokens, seconds: seconds)
            if case .accepted = verdict { (lastLoss, lastGood) = (report.loss, record.step) }
            suspicion.add(verdict)
            told.add(verdict.alarms(of: report), at: record.step)
            told.progress.update(state(of: record, report.loss))
            if record.skippedInARow == Self.patience, case .leftOut(let fault) = verdict {
                throw TrainingError.notFinite(
                    step: record.step, what: fault.what, records: fault.records)
            }
            let epochs = epoch(record.step)
            try logTraining(&record, verdict, epochs, curves)
            let isBest = try logValidation(&record, validate, epochs, curves, &told)
            if isBest || isDue(record.step, every: settings.saveSteps) { try save(record, curves) }
        }
        let isOver = isOver(record)
        if record.step < settings.totalSteps { try save(record, curves) }
        if isOver { try checkEnd(record, lastGood, suspicion, &told) }
        if isOver, record.step < settings.totalSteps {
            told.progress.print(
                "stopped early: \(settings.patience) validations no better than step "
                    + "\(record.bestStep ?? 0)")
        }
        told.progress.finish()
        try curves.plot()
        return TrainingOutcome(
            steps: record.step, interrupted: !isOver, finalLoss: lastLoss,
            bestValidationLoss: record.bestLoss, bestStep: record.bestStep,
            tokensPerSecond: total.tokensPerSecond, peakMemoryBytes: peakMemoryBytes(),
            seconds: total.totalSeconds, skippedSteps: record.skipped, alarms: told.counts)
    }

    /// Whether all steps are done, or the last validations brought nothing.
    private func isOver(_ record: TrainingState.Record) -> Bool {
        let isStale =
            settings.patience > 0 && (record.validationsSinceBest ?? 0) >= settings.patience
        return record.step >= settings.totalSteps || isStale
    }

    /// Whether something that happens every `interval` steps, and at the end, happens now.
    private func isDue(_ step: Int, every interval: Int) -> Bool {
        step % interval == 0 || step == settings.totalSteps
    }

    private func logTraining(
        _ record: inout TrainingState.Record, _ verdict: StepVerdict, _ epoch: Double,
        _ curves: Curves
    ) throws {
        guard isDue(record.step, every: settings.loggingSteps) else { return }
        var values = record.window.values
        if case .accepted(let norm) = verdict { values["grad_norm"] = norm }
        values["learning_rate"] = schedule.rate(at: max(record.updates - 1, 0))
        values["num_tokens"] = Double(record.tokens)
        values[MetricName.peakMemory] = Double(peakMemoryBytes())
        if record.skipped > 0 { values["skipped_steps"] = Double(record.skipped) }
        try curves.append(MetricsRow(step: record.step, epoch: epoch, values: values))
        record.window = LoggingWindow()
    }

    /// Whether the model is better on held-out records than it ever was.
    private func logValidation(
        _ record: inout TrainingState.Record, _ validate: (() throws -> Validation)?,
        _ epoch: Double, _ curves: Curves, _ told: inout Alarms
    ) throws -> Bool {
        guard let validate, isDue(record.step, every: settings.evalSteps) else { return false }
        let result = try validate()
        var values = [MetricName.heldOut(MetricName.loss): result.loss]
        for (name, value) in result.values { values[MetricName.heldOut(name)] = value }
        try curves.append(MetricsRow(step: record.step, epoch: epoch, values: values))
        let texts = values.sorted { $0.key < $1.key }.map {
            "\($0.key) \(String(format: "%.4f", $0.value))"
        }
        told.progress.print("step \(record.step)  \(texts.joined(separator: "  "))")
        if !result.loss.isFinite { told.add([try result.alarm()], at: record.step) }
        // After a step that was left out nothing is saved that could be called the best.
        guard record.skippedInARow == 0, result.loss < record.bestLoss ?? .infinity else {
            record.validationsSinceBest = (record.validationsSinceBest ?? 0) + 1
            return false
        }
        record.validationsSinceBest = 0
        (record.bestLoss, record.bestStep) = (result.loss, record.step)
        return true
    }

    /// A run whose last steps were left out ends with the weights of the last good one, and says
    /// so.
    ///
    /// - Throws: ``TrainingError/endedNotFinite(step:)`` where there are none.
    private func checkEnd(
        _ record: TrainingState.Record, _ lastGood: Int, _ suspicion: Suspicion,
        _ told: inout Alarms
    ) throws {
        guard record.skippedInARow > 0 else { return }
        guard record.updates > 0, !suspicion.fallsOnWeights, state.isFinite else {
            throw TrainingError.endedNotFinite(step: record.step)
        }
        let count = record.step - lastGood
        let last = count == 1 ? "the last step was" : "the last \(count) steps were"
        told.add(["\(last) left out: the result is that of step \(lastGood)"], at: record.step)
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
