import Foundation
import Subprocess

/// A program to be run as a child process that is talked to in lines.
///
/// It has a process group of its own: Ctrl-C in the terminal does not reach it, and ending it ends
/// what it has started.
struct ChildProgram: Sendable {
    /// Path of the program.
    var program: String
    var arguments: [String]
    /// Added to this process's priority; 10 leaves the processor to whoever waits for an answer.
    var niceness = 0
    /// Tells it to end itself when its standard input closes, so that it does not outlive this
    /// process; not for one that reads its input.
    var endsWithInput = false
    /// How long it may take to end after SIGTERM, before SIGKILL.
    var grace: Duration = .seconds(5)

    /// The largest line it may write, in bytes.
    private static let longestLine = 16 << 20

    /// Runs it to its end. Cancelling the task ends it: SIGTERM, then SIGKILL.
    ///
    /// - Parameters:
    ///   - input: the lines it is to read; its standard input closes when they end.
    ///   - started: is told its process id.
    ///   - output: takes each line of its standard output; ends it by throwing.
    ///   - watch: runs beside it; ends it by throwing.
    /// - Throws: `ChildError` where it cannot be started, or what `output` and `watch` throw.
    func run(
        input: AsyncStream<String>,
        started: @escaping @Sendable (Int32) async -> Void = { _ in },
        output: @escaping @Sendable (String) async throws -> Void,
        watch: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> ChildEnding {
        _ = Self.brokenPipesAreErrors
        do {
            let result = try await Subprocess.run(
                configuration, input: .inputWriter, output: .sequence, error: .sequence
            ) { child in
                await started(child.processIdentifier.value)
                async let words = LastWords.read(child.standardError)
                try await Self.talk(to: child, input: input, output: output, watch: watch)
                // One that has closed its output and does not end has nothing more to say.
                let limit = Task { [grace] in
                    try await Task.sleep(for: grace)
                    try child.send(signal: .kill, toProcessGroup: true)
                }
                defer { limit.cancel() }
                return await words
            }
            return ChildEnding(status: result.terminationStatus, lastWords: result.closureResult)
        } catch let error as SubprocessError {
            throw ChildError(program: program, reason: "\(error)")
        }
    }

    /// A write to a child that has gone must fail, not end this process.
    private static let brokenPipesAreErrors: Void = {
        signal(SIGPIPE, SIG_IGN)
    }()

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)
        ]
        let environment = Environment.inherit.updating([
            "PRECEPTOR_ENDS_WITH_INPUT": endsWithInput ? "1" : nil
        ])
        guard niceness > 0 else {
            return Configuration(
                executable: .path(.init(program)), arguments: .init(arguments),
                environment: environment, platformOptions: options)
        }
        // `nice` becomes the program, so process id and signals are the program's.
        return Configuration(
            executable: .name("nice"),
            arguments: .init(["-n", "\(niceness)", program] + arguments),
            environment: environment, platformOptions: options)
    }

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
