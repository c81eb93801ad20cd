import FileFormats
import Foundation
import Processes
import Recipes

/// A training as a child process: `program method recipe.yaml --output_dir run`.
struct TrainingRun: Sendable {
    let program: String
    let method: UpdateMethod
    let folder: JobFolder
    let niceness: Int
    /// From SIGTERM to SIGKILL.
    let grace: Duration
    let pollInterval: Duration

    /// Trains; cancelling the task ends the process.
    ///
    /// - Parameter measured: is told the curves as they grow.
    /// - Throws: `TrainingFailure`, `ChildError`, `FormatError`, `CancellationError`.
    func callAsFunction(
        measured: @escaping @Sendable ([MeasuredStep]) async -> Void
    ) async throws {
        let child = ChildProgram(
            program: program,
            arguments: [
                method.training.subcommand, folder.recipe.path,
                "--\(TrainingSettings.key(\.outputDir))", folder.run.url.path,
            ], niceness: niceness, grace: grace)
        let tail = MetricsTail(folder.run.metrics)
        let pollInterval = pollInterval
        let ending = try await child.run(watch: {
            while (try? await Task.sleep(for: pollInterval)) != nil {
                let steps = await tail.read()
                // Of its own, because the watch is cancelled when the child ends: what has been
                // read is not read again.
                await Task { await measured(steps) }.value
            }
        })
        await measured(tail.read())
        try Task.checkCancellation()
        guard ending.status.isSuccess else { throw TrainingFailure(reason: "\(ending)") }
        guard folder.run.hasAdapter else {
            throw TrainingFailure(reason: "ended without an adapter")
        }
    }
}

/// Why a training process made nothing.
struct TrainingFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A clause, as `ended with status 3: no such file`.
    let reason: String

    var description: String { "training \(reason)" }
}
