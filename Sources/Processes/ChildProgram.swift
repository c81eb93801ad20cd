import Foundation
import Subprocess

/// A program to be run as a child process.
///
/// It has a process group of its own: Ctrl-C in the terminal does not reach it, and what it has
/// started in that group ends with it. It does not outlive this process, however this one ends.
///
/// swift-subprocess (1.0.2) starts it, through `child-supervisor`, a small program that stands
/// beside this one and between it and the child. On Linux swift-subprocess neither lets anything
/// be done in a child before its program runs, nor tells the memory that it used; and the system
/// counts what a parent held when it started a child as the child's (`getrusage`). The supervisor
/// holds next to nothing, has the system tell it that this process is gone, and then ends the
/// child as this process would: SIGTERM, then SIGKILL.
package struct ChildProgram: Sendable {
    /// A path, or a name that is sought on the PATH.
    package var program: String
    package var arguments: [String]
    /// Added to this process's priority; 10 leaves the processor to whoever waits for an answer.
    package var niceness: Int
    /// How long it may take to end after SIGTERM, before SIGKILL.
    package var grace: Duration

    package init(
        program: String, arguments: [String], niceness: Int = 0, grace: Duration = .seconds(5)
    ) {
        (self.program, self.arguments) = (program, arguments)
        (self.niceness, self.grace) = (niceness, grace)
    }

    /// What is run: the supervisor, and what it is to run and how.
    func configuration(_ report: MemoryReport) -> Configuration {
        var options = PlatformOptions()
        options.processGroupID = 0
        // The supervisor sends SIGTERM, waits, and sends SIGKILL; then it ends too.
        options.teardownSequence = [
            .send(signal: .end, allowedDurationToNextStep: grace + .seconds(5))
        ]
        let how = [
            "\(getpid())", "\(niceness)", "\(Int(grace / .milliseconds(1)))", report.url.path,
        ]
        return Configuration(
            executable: .path(.init(Self.supervisor)),
            arguments: .init(how + [program] + arguments), platformOptions: options)
    }

    private static let supervisor =
        (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
        .resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "child-supervisor").path
}

/// What `child-supervisor` understands beside the signals that it passes on.
extension Signal {
    /// SIGTERM to the program, and SIGKILL after its grace.
    static let end = userDefinedOne
    /// SIGKILL to the program at once.
    static let endAtOnce = userDefinedTwo
}

/// Where `child-supervisor` writes the most memory that a child had resident.
struct MemoryReport: Sendable {
    let url = FileManager.default.temporaryDirectory
        .appending(path: "preceptor-child-\(UUID().uuidString)")

    /// In bytes, once the child has ended; 0 where that is not known. Removes the file.
    func take() -> Int {
        defer { try? FileManager.default.removeItem(at: url) }
        let text = try? String(contentsOf: url, encoding: .utf8)
        return text.flatMap { Int($0.dropLast()) } ?? 0
    }
}
