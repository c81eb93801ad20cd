import FileFormats
import Foundation
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
        var window = Window()
        var total = Window()
        var progress = ProgressLine(startStep: record.step)
        var lastLoss: Double?
        while record.step < settings.totalSteps, !interruption.isRequested {
            let clock = ContinuousClock.now
            let report = try step(record.step)
            let norm = try update(report, at: record.step)
            record.step += 1
            let seconds = (ContinuousClock.now - clock).seconds
            window.add(report, seconds)
            total.add(report, seconds)
            lastLoss = report.loss
            progress.update(state(of: record.step, window, report.loss))
            if record.step % settings.loggingSteps == 0 || record.step == settings.totalSteps {
                var values = window.values
                values["grad_norm"] = norm
                values["learning_rate"] = schedule.rate(at: record.step - 1)
                values["num_tokens"] = Double(total.tokens)
                values["peak_memory_bytes"] = Double(peakMemoryBytes())
                try curves.append(
                    MetricsRow(step: record.step, epoch: epoch(record.step), values: values))
                window = Window()
            }
            if let validate, isDue(record.step, every: settings.evalSteps) {
                let loss = try validate()
                if loss < record.bestLoss ?? .infinity {
                    (record.bestLoss, record.bestStep) = (loss, record.step)
                }
                try curves.append(
                    MetricsRow(
                        step: record.step, epoch: epoch(record.step), values: ["eval_loss": loss]))
                progress.print(
                    "step \(record.step)  eval_loss \(String(format: "%.4f", loss))")
            }
            if isDue(record.step, every: settings.saveSteps) { try save(record, curves) }
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

    private func update(_ report: StepReport, at step: Int) throws -> Double {
        let parameters = state.decoder.adapterModules.flatMap { [$0.a, $0.b] }
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
        let old = folder.checkpointSteps.filter { $0 != record.bestStep }
        for step in old.dropFirst(settings.keptCheckpoints) {
            try FileManager.default.removeItem(at: folder.checkpoint(step))
        }
        try curves.plot()
    }

    private func state(of step: Int, _ window: Window, _ loss: Double) -> ProgressState {
        ProgressState(
            step: step, total: settings.totalSteps, loss: loss,
            tokensPerSecond: window.tokensPerSecond, memoryBytes: residentMemoryBytes())
    }
}

/// Means over the steps since the last logged row.
private struct Window {
    private var steps = 0
    private var sums: [String: Double] = [:]
    private var seconds = 0.0
    private(set) var tokens = 0

    mutating func add(_ report: StepReport, _ seconds: Double) {
        steps += 1
        tokens += report.tokens
        self.seconds += seconds
        sums["loss", default: 0] += report.loss
        for (name, value) in report.values { sums[name, default: 0] += value }
    }

    var tokensPerSecond: Double { Double(tokens) / max(seconds, 1e-9) }

    var values: [String: Double] {
        var means = sums.mapValues { $0 / Double(max(steps, 1)) }
        means["tokens_per_second"] = tokensPerSecond
        return means
    }
}

/// The curves of a run in their three forms.
private struct Curves {
    private let log: MetricsLog
    private let board: TensorBoardWriter
    private let folder: RunFolder

    /// On resumption rows past the checkpoint are dropped, so that no step stands twice.
    init(folder: RunFolder, resumedAt step: Int) throws {
        self.folder = folder
        log = try MetricsLog(url: folder.metrics)
        try log.truncate(afterStep: step)
        board = try TensorBoardWriter(folder: folder.url, restart: step > 0 ? step + 1 : nil)
    }

    func append(_ row: MetricsRow) throws {
        try log.append(row)
        try board.append(row)
    }

    func synchronize() throws {
        try log.synchronize()
        try board.synchronize()
    }

    func plot() throws {
        try writeLossChart(of: MetricsLog.rows(of: folder.metrics), to: folder.lossPlot)
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
