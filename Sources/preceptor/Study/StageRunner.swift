import Alignment
import Foundation
import Processes
import Recipes
import Tracking

/// Runs stages one after the other, each in a process of its own, and keeps their records.
final class StageRunner {
    private let engine: [String]
    private let interruption: Interruption
    private let count: Int
    private var number = 0

    /// Seconds between two notes of a stage's time, which is what a kill may lose.
    private static let beat = 2.0
    /// How long a stage may take to end, a training to write its checkpoint, when the study is gone.
    private static let grace = Duration.seconds(90)

    init(engine: [String], count: Int, interruption: Interruption) {
        (self.engine, self.count, self.interruption) = (engine, count, interruption)
    }

    /// Does a stage, goes on with it, or passes it over when it is done.
    ///
    /// - Returns: false when the user asked to stop.
    /// - Throws: ``StudyError`` when the stage failed or was made with other settings.
    func run(_ stage: StudyStage) throws -> Bool {
        number += 1
        if let done = try StageRecord.read(stage.marker) {
            try check(done, stage)
            return true
        }
        if interruption.isRequested { return false }
        var record = try StageRecord.read(stage.progress) ?? StageRecord(identity: stage.identity)
        try check(record, stage)
        try FileManager.default.createDirectory(
            at: stage.folder, withIntermediateDirectories: true)
        let log = try FileLock(stage.log)
        guard log.take(seconds: 120) else { throw StudyError.busy(stage.folder.path) }
        record.attempts += 1
        try record.write(to: stage.progress)
        Output.note("[\(number)/\(count)] \(stage.title)" + (record.attempts > 1 ? ", again" : ""))
        let ending = try attend(stage, log, &record)
        try record.write(to: stage.progress)
        if interruption.isRequested { return false }
        try judge(ending, stage)
        try record.write(to: stage.marker)
        Output.note(
            String(
                format: "[%d/%d] %@: %.1f minutes, peak %.2f GB", number, count, stage.title,
                record.seconds / 60, Double(record.peakMemoryBytes) / 1e9))
        return true
    }

    private func check(_ record: StageRecord, _ stage: StudyStage) throws {
        guard record.identity == stage.identity else {
            throw StudyError.changed(stage: stage.title, folder: stage.folder.path)
        }
    }

    /// Waits for the child, notes its time, and passes on that the user wants to stop.
    private func attend(
        _ stage: StudyStage, _ log: FileLock, _ record: inout StageRecord
    ) throws -> ChildEnding {
        let begun = FileManager.default.fileExists(atPath: RunFolder(stage.folder).manifest.path)
        let resume = stage.isTraining && begun ? ["--resume"] : []
        let (start, before) = (ContinuousClock.now, record.seconds)
        let program = ChildProgram(
            program: Bundle.main.executablePath ?? CommandLine.arguments[0],
            arguments: stage.arguments + resume + engine, grace: Self.grace)
        let child = try RunningChild(program, output: log.descriptor, errors: log.descriptor)
        var (isTold, noted) = (false, before)
        while true {
            let ending = child.wait(for: .milliseconds(100))
            let elapsed = ContinuousClock.now - start
            record.seconds =
                before + Double(elapsed.components.seconds)
                + Double(elapsed.components.attoseconds) * 1e-18
            if let ending {
                clearLine()
                record.peakMemoryBytes = max(record.peakMemoryBytes, ending.peakMemoryBytes)
                return ending
            }
            if interruption.isRequested, !isTold {
                child.send(SIGINT)
                isTold = true
            }
            if record.seconds - noted >= Self.beat {
                noted = record.seconds
                try record.write(to: stage.progress)
                tell(stage)
            }
        }
    }

    private func judge(_ ending: ChildEnding, _ stage: StudyStage) throws {
        let how: String
        switch ending.status {
        case .signaled(let signal):
            how = "was ended by signal \(signal)" + (signal == SIGKILL ? ", memory perhaps" : "")
        case .exited(0):
            if FileManager.default.fileExists(atPath: stage.result.path) { return }
            how = "stopped before its end"
        case .exited: how = "failed"
        }
        throw StudyError.failed(
            stage: stage.title, how: how, reason: lastLine(of: stage.log), log: stage.log.path)
    }

    private func lastLine(of log: URL) -> String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    }

    /// Where a training is, on a terminal.
    private func tell(_ stage: StudyStage) {
        guard isatty(STDERR_FILENO) == 1, stage.isTraining,
            let row = try? MetricsLog.rows(of: RunFolder(stage.folder).metrics).last
        else { return }
        let loss = row.values[MetricName.loss].map { String(format: "  loss %.4f", $0) } ?? ""
        let text = "\r\(stage.title): step \(row.step)\(loss)\u{1B}[K"
        FileHandle.standardError.write(Data(text.utf8))
    }

    private func clearLine() {
        if isatty(STDERR_FILENO) == 1 {
            FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
        }
    }
}
