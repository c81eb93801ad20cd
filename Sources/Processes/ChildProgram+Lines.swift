import Foundation
import Subprocess

extension ChildProgram {
    /// The largest line it may write, in bytes.
    private static let longestLine = 16 << 20

    /// Runs it to its end, talking to it in lines. Cancelling the task ends it: SIGTERM, then
    /// SIGKILL.
    ///
    /// - Parameters:
    ///   - input: the lines it is to read; its standard input closes when they end.
    ///   - output: takes each line of its standard output; ends it by throwing.
    ///   - watch: runs beside it; ends it by throwing.
    /// - Throws: `ChildError` where it cannot be started, or what `output` and `watch` throw.
    package func run(
        input: AsyncStream<String> = AsyncStream { $0.finish() },
        output: @escaping @Sendable (String) async throws -> Void = { _ in },
        watch: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> ChildEnding {
        _ = Self.brokenPipesAreErrors
        let report = MemoryReport()
        defer { _ = report.take() }
        do {
            let result = try await Subprocess.run(
                configuration(report), input: .inputWriter, output: .sequence, error: .sequence
            ) { child in
                async let tail = StderrTail.read(child.standardError)
                try await Self.talk(to: child, input: input, output: output, watch: watch)
                // One that has closed its output and does not end has nothing more to say.
                let limit = Task { [grace] in
                    try await Task.sleep(for: grace)
                    try child.send(signal: .endAtOnce)
                }
                defer { limit.cancel() }
                return await tail
            }
            return ChildEnding(
                status: result.terminationStatus, stderrTail: result.closureResult,
                peakMemoryBytes: report.take())
        } catch let error as SubprocessError {
            throw ChildError(program: program, reason: "\(error)")
        }
    }

    /// A write to a child that has gone must fail, not end this process.
    private static let brokenPipesAreErrors: Void = {
        signal(SIGPIPE, SIG_IGN)
    }()

    private enum Part {
        case reader, writer, watch
    }

    private static func talk(
        to child: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>,
        input: AsyncStream<String>,
        output: @escaping @Sendable (String) async throws -> Void,
        watch: @escaping @Sendable () async throws -> Void
    ) async throws {
        let lines = child.standardOutput.strings(
            separatedBy: .unicodeScalarSequence("\n".unicodeScalars),
            bufferingPolicy: .maxLineLength(longestLine))
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask {
                for try await line in lines { try await output(line) }
                return .reader
            }
            group.addTask {
                for await line in input {
                    // Where it reads no more it is about to end, which the reader sees.
                    _ = try? await child.standardInputWriter.write(line + "\n")
                }
                try? await child.standardInputWriter.finish()
                return .writer
            }
            group.addTask {
                try await watch()
                return .watch
            }
            while let part = try await group.next() {
                if part == .reader { group.cancelAll() }
            }
        }
    }
}
