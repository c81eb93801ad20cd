import Foundation
import TestSupport

/// The built program as a child process.
enum Program {
    static let launcher = TestFiles.root.appending(path: "preceptor")

    static var isBuilt: Bool {
        TestFiles.defaultModel != nil
            && FileManager.default.fileExists(
                atPath: TestFiles.root.appending(path: ".build/release/preceptor").path)
    }

    struct Result {
        let status: Int32
        let wasKilled: Bool
        let output: String
        let errors: String
    }

    /// - Parameters:
    ///   - seconds: sends SIGKILL after so long.
    ///   - file: sends SIGINT once this file has something in it.
    static func run(
        _ arguments: [String], killedAfter seconds: Double? = nil, interruptedWhen file: URL? = nil
    ) throws -> Result {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = (output: folder.appending(path: "out"), errors: folder.appending(path: "err"))
        for file in [files.output, files.errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = launcher
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = try FileHandle(forWritingTo: files.output)
        process.standardError = try FileHandle(forWritingTo: files.errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        if let seconds {
            let end = Date(timeIntervalSinceNow: seconds)
            while process.isRunning, Date() < end { usleep(5_000) }
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        if let file {
            while process.isRunning, (try? Data(contentsOf: file))?.isEmpty ?? true {
                usleep(5_000)
            }
            if process.isRunning { kill(process.processIdentifier, SIGINT) }
        }
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            output: try String(contentsOf: files.output, encoding: .utf8),
            errors: try String(contentsOf: files.errors, encoding: .utf8))
    }
}

/// A training run of a few seconds: made-up sentences, a small adapter, a checkpoint every step.
enum TinyRun {
    static func write(to folder: URL) throws -> URL {
        let findings = ["a cough", "a rash", "a headache", "wheezing", "ankle swelling", "a fever"]
        let rows = findings.enumerated().map { index, finding in
            """
            {"id": "r\(index)", "messages": [{"role": "user", "content": "What next for \(finding)?"}, \
            {"role": "assistant", "content": "Take a history and examine for \(finding)."}]}
            """
        }
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(
            to: folder.appending(path: "rows.jsonl"))
        let recipe = folder.appending(path: "recipe.yaml")
        let yaml = """
            train_file: rows.jsonl
            per_device_train_batch_size: 1
            num_train_epochs: 2
            lora_r: 4
            lora_dropout: 0.1
            learning_rate: 1e-3
            save_steps: 1
            seed: 5
            """
        try Data((yaml + "\n").utf8).write(to: recipe)
        return recipe
    }
}
