import Foundation
import Generation
import Optimizers
import Torch
import Tracking

/// What one optimizer step's work gave: gradients are in place, these are its numbers.
struct StepReport {
    var loss: Double
    /// Tokens that went through the model, padding never counted.
    var tokens: Int
    /// Other curves by their TRL names.
    var values: [String: Double]
    /// Records of the step, for messages.
    var records: [String]
}

/// How a run ended.
public struct TrainingOutcome: Sendable {
    public var steps: Int
    public var interrupted: Bool
    public var finalLoss: Double?
    public var bestValidationLoss: Double?
    public var tokensPerSecond: Double
    public var peakMemoryBytes: Int
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

    /// - Parameters:
    ///   - record: where the run stands; a new one begins at step 0.
    ///   - epoch: passes over the data after a number of steps.
    ///   - step: computes the gradients of the step with this number.
    ///   - validate: loss on held-out records; nil without any.
    func run(
        from record: TrainingState.Record, epoch: (Int) -> Double,
        step: (Int) throws -> StepReport, validate: (() throws -> Double)?
    ) throws -> TrainingOutcome {
        var record = record
        let curves = try Curves(folder: folder, resumedAt: record.step)
        var total = LoggingWindow()
        var progress = ProgressLine(startStep: record.step)
        var lastLoss: Double?
        while record.step < settings.totalSteps, !interruption.isRequested {
            let start = ContinuousClock.now
            let report = try step(record.step)
            let norm = try update(report, at: record.step)
            let seconds = ContinuousClock.now.seconds(since: start)
            record.add(report, seconds: seconds)
            total.add(report, seconds: seconds)
            lastLoss = report.loss
            progress.update(state(of: record, report.loss))
            let epochs = epoch(record.step)
            try logTraining(&record, norm, epochs, curves)
            let isBest = try logValidation(&record, validate, epochs, curves, progress)
            if isBest || isDue(record.step, every: settings.saveSteps) { try save(record, curves) }
        }
        if record.step < settings.totalSteps { try save(record, curves) }
        progress.finish()
        try curves.plot()
        return TrainingOutcome(
            steps: record.step, interrupted: record.step < settings.totalSteps,
            finalLoss: lastLoss, bestValidationLoss: record.bestLoss,
            tokensPerSecond: total.tokensPerSecond, peakMemoryBytes: peakMemoryBytes())
    }

    /// Whether something that happens every `interval` steps, and at the end, happens now.
    private func isDue(_ step: Int, every interval: Int) -> Bool {
        step % interval == 0 || step == settings.totalSteps
    }

    private func logTraining(
        _ record: inout TrainingState.Record, _ norm: Double, _ epoch: Double, _ curves: Curves
    ) throws {
        guard isDue(record.step, every: settings.loggingSteps) else { return }
        var values = record.window.values
        values["grad_norm"] = norm
        values["learning_rate"] = schedule.rate(at: record.step - 1)
        values["num_tokens"] = Double(record.tokens)
        values["peak_memory_bytes"] = Double(peakMemoryBytes())
        try curves.append(MetricsRow(step: record.step, epoch: epoch, values: values))
        record.window = LoggingWindow()
    }

    /// Whether the model is better on held-out records than it ever was.
    private func logValidation(
        _ record: inout TrainingState.Record, _ validate: (() throws -> Double)?, _ epoch: Double,
        _ curves: Curves, _ progress: ProgressLine
    ) throws -> Bool {
        guard let validate, isDue(record.step, every: settings.evalSteps) else { return false }
        let loss = try validate()
        try curves.append(
            MetricsRow(step: record.step, epoch: epoch, values: ["eval_loss": loss]))
        progress.print("step \(record.step)  eval_loss \(String(format: "%.4f", loss))")
        guard loss < record.bestLoss ?? .infinity else { return false }
        (record.bestLoss, record.bestStep) = (loss, record.step)
        return true
    }

    private func update(_ report: StepReport, at step: Int) throws -> Double {
        let parameters = state.decoder.adapterModules().flatMap { [$0.a, $0.b] }
        let limit = settings.maxGradNorm > 0 ? settings.maxGradNorm : nil
        let norm = clipGradients(parameters, limit: limit)
        for (what, value) in [("loss", report.loss), ("gradient", norm)] where !value.isFinite {
            throw TrainingError.notFinite(step: step + 1, what: what, records: report.records)
        }
        state.optimizer.update(learningRate: schedule.rate(at: step))
        state.optimizer.clearGradients()
        return norm
    }

    private func save(_ record: TrainingState.Record, _ curves: Curves) throws {
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
