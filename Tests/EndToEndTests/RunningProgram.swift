import Foundation

/// A program at work; its streams are files, which no amount of text can block.
final class RunningProgram {
    /// How it ended and what it wrote.
    struct Result {
        let status: Int32
        let wasKilled: Bool
        let output: String
        let errors: String
    }

    private let process: Process
    /// The folder stays while the program runs.
    private let home: ProgramFolder
    private let streams: URL

    init(_ process: Process, in home: ProgramFolder, input: String) throws {
        self.process = process
        self.home = home
        streams = home.url(".streams-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: false)
        for (name, text) in [("in", input), ("out", ""), ("err", "")] {
            try Data(text.utf8).write(to: streams.appending(path: name))
        }
        process.currentDirectoryURL = home.folder
        process.standardInput = try FileHandle(forReadingFrom: streams.appending(path: "in"))
        process.standardOutput = try FileHandle(forWritingTo: streams.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: streams.appending(path: "err"))
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) {
        if isRunning { kill(process.processIdentifier, signal) }
    }

    func wait() throws -> Result {
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            output: try text("out"),
            errors: try text("err"))
    }

    /// Waits until something holds or the program ends; whether it held.
    func wait(until holds: () -> Bool) -> Bool {
        while isRunning {
            if holds() { return true }
            usleep(5_000)
        }
        return holds()
    }

    private func text(_ stream: String) throws -> String {
        try String(contentsOf: streams.appending(path: stream), encoding: .utf8)
    }
}
