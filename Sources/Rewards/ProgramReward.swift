import Foundation
import Processes
import Records

/// A reward that an external program computes, in any language.
///
/// The program stays alive. For each completion it reads one line, a JSON object with the record's
/// columns and `id`, `prompt` (text or messages), `images` (paths, where there are any),
/// `completion`, `completion_tokens` and `truncated`, and writes one line, a number or `null` (does
/// not apply), in the same order. It must flush its output after each line, or when it waits for
/// input; it may read ahead. At the end its input is closed.
///
/// A program that ends, or does not answer in time, is started anew and goes on with the first row
/// that has no score; what is no number is an error at once. Errors name rows and never hold their
/// text, nor what the program wrote: its standard error goes to `stderr_file`, or nowhere.
public final class ProgramReward: Reward {
    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        /// The program, sought on the PATH, and its arguments.
        public var command: [String]
        /// The longest wait for one answer, in seconds; the first one waits for the start too.
        public var timeout = 60.0
        /// How often it may be started anew in one batch.
        public var maxRestarts = 2
        /// Where its standard error is appended, readable by the user alone. It may hold text of
        /// records, if the program writes that; nil discards it.
        public var stderrFile: String?

        /// The defaults for a command.
        public init(command: [String]) { self.command = command }

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            guard let command = try keys.texts("command") else {
                let reason = "is missing: a list of the program and its arguments"
                throw SettingFault(key: "command", reason: reason)
            }
            self.command = command
            timeout = try keys.number("timeout", default: timeout)
            if timeout <= 0 { throw SettingFault(key: "timeout", reason: "must be over 0 seconds") }
            maxRestarts = try keys.integer("max_restarts", default: maxRestarts, from: 0)
            stderrFile = try keys.text("stderr_file")
        }

        var values: [String: JSONValue] {
            var values: [String: JSONValue] = [
                "command": .array(command.map(JSONValue.string)), "timeout": .number(timeout),
                "max_restarts": .integer(maxRestarts),
            ]
            values["stderr_file"] = stderrFile.map(JSONValue.string)
            return values
        }
    }

    public let name: String
    /// How often the program was started anew.
    public private(set) var restarts = 0
    private let settings: Settings
    private var program: LineProgram?

    /// A reward whose program starts with the first batch.
    public init(name: String = "program", settings: Settings) {
        (self.name, self.settings) = (name, settings)
    }

    deinit { program?.stop() }

    /// Waits until all rows are answered.
    public func scores(of inputs: [RewardInput]) throws(RewardError) -> [Double?] {
        let lines = try inputs.indices.map { index throws(RewardError) in
            guard let line = ProgramLine.line(for: inputs[index]) else {
                throw failure("cannot be written as JSON", [index], inputs)
            }
            return line
        }
        var scores: [Double?] = []
        var failures = 0
        while scores.count < inputs.count {
            do throws(LineProgramError) {
                try exchange(lines, &scores)
            } catch {
                program?.stop()
                program = nil
                failures += 1
                guard error.mayPass, failures <= settings.maxRestarts else {
                    let rows = error == .tooManyLines ? 0 : scores.count
                    throw failure(error.description + hint, rows..<inputs.count, inputs)
                }
                restarts += 1
            }
        }
        return scores
    }

    private func exchange(_ lines: [[UInt8]], _ scores: inout [Double?]) throws(LineProgramError) {
        try running().exchange(lines[scores.count...], timeout: settings.timeout) {
            line throws(LineProgramError) in scores.append(try ProgramLine.score(in: line))
        }
    }

    private func running() throws(LineProgramError) -> LineProgram {
        if let program { return program }
        let child = ChildProgram(
            program: settings.command.first ?? "", arguments: Array(settings.command.dropFirst()),
            grace: .milliseconds(200))
        let program = try LineProgram(child, stderrFile: settings.stderrFile)
        self.program = program
        return program
    }

    private var hint: String {
        settings.stderrFile.map { "; see \($0)" }
            ?? "; set stderr_file to keep what it writes to standard error"
    }

    private func failure(
        _ reason: String, _ indices: some Sequence<Int>, _ inputs: [RewardInput]
    ) -> RewardError {
        RewardError(reward: name, reason: reason, indices: indices, of: inputs)
    }
}
