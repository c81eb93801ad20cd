import Foundation

/// A child process that answers lines with lines. Not to be used after it has thrown.
final class ChildProgram {
    private let process = Process()
    private let pipes = (input: Pipe(), output: Pipe())
    private let input: PipeEnd
    private let output: PipeEnd
    /// What was read and is not yet a whole line.
    private var buffer: [UInt8] = []
    private static let longestLine = 65_536

    /// Starts it. Foundation gives it a process group of its own, so that Ctrl-C does not reach
    /// it, and stopping it ends what it has started.
    init(_ command: [String], _ stderrFile: String?) throws(ChildFault) {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--"] + command
        process.standardInput = pipes.input
        process.standardOutput = pipes.output
        process.standardError = try Self.stderr(stderrFile)
        do {
            try process.run()
        } catch {
            throw .cannotStart(error.localizedDescription)
        }
        input = PipeEnd(pipes.input.fileHandleForWriting)
        output = PipeEnd(pipes.output.fileHandleForReading)
        LiveChildren.shared.insert(process.processIdentifier)
    }

    private static func stderr(_ file: String?) throws(ChildFault) -> FileHandle {
        guard let file else { return .nullDevice }
        let descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotStart("\(file): \(String(cString: strerror(errno)))")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Writes lines and hands on as many, each without its line end.
    ///
    /// Both directions go on at once, so that neither side waits for the other's full pipe.
    ///
    /// - Parameter timeout: the longest wait for one answer, in seconds.
    func exchange(
        _ lines: ArraySlice<[UInt8]>,
        timeout: Double,
        answer: (ArraySlice<UInt8>) throws(ChildFault) -> Void
    ) throws(ChildFault) {
        if hasUnread { throw .tooManyLines }
        var unsent = Array(lines.joined())[...]
        var missing = lines.count
        var deadline = ContinuousClock.now + .seconds(timeout)
        while missing > 0 {
            let ready = wait(until: deadline, writing: !unsent.isEmpty)
            if ready.write {
                // A program that has closed its input may still answer.
                unsent = input.send(unsent).map { unsent.dropFirst($0) } ?? []
            }
            if ready.read {
                let answers = try completeLines()
                if answers.count > missing { throw .tooManyLines }
                for line in answers { try answer(line) }
                missing -= answers.count
                if !answers.isEmpty { deadline = .now + .seconds(timeout) }
            }
            if missing > 0, .now >= deadline { throw .timeout(seconds: timeout) }
        }
        if hasUnread { throw .tooManyLines }
    }

    /// Closes its input, gives it a moment to end by itself, then kills it and what it started.
    func stop() {
        try? pipes.input.fileHandleForWriting.close()
        waitForEnd(seconds: 0.2)
        kill(-process.processIdentifier, SIGKILL)
        // Foundation collects the exit status, so that nothing stays behind.
        waitForEnd(seconds: 5)
        LiveChildren.shared.remove(process.processIdentifier)
        try? pipes.output.fileHandleForReading.close()
    }
}

extension ChildProgram {
    private var hasUnread: Bool {
        buffer += output.receive(atMost: 1) ?? []
        return !buffer.isEmpty
    }

    /// Until something can be read or, if wanted, written, or the deadline.
    private func wait(
        until deadline: ContinuousClock.Instant, writing: Bool
    ) -> (read: Bool, write: Bool) {
        var ends = [
            pollfd(fd: output.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: writing ? input.descriptor : -1, events: Int16(POLLOUT), revents: 0),
        ]
        let left = max(0, (deadline - .now) / .milliseconds(1))
        _ = poll(&ends, 2, Int32(min(left.rounded(.up), 1e9)))
        // The other side's end makes ours ready too; reading then finds it.
        return (ends[0].revents != 0, ends[1].revents != 0)
    }

    /// The lines that are complete now.
    private func completeLines() throws(ChildFault) -> [ArraySlice<UInt8>] {
        guard let bytes = output.receive(atMost: Self.longestLine) else { throw .ended(ending) }
        buffer += bytes
        let whole = (buffer.lastIndex(of: .newline) ?? -1) + 1
        let lines = buffer[..<whole].split(separator: .newline, omittingEmptySubsequences: false)
        buffer.removeFirst(whole)
        if buffer.count > Self.longestLine { throw .lineTooLong }
        return lines.dropLast()
    }

    /// How it ended, as the middle of a sentence.
    private var ending: String {
        waitForEnd(seconds: 1)
        if process.isRunning { return "closed its output" }
        let status = process.terminationStatus
        if process.terminationReason == .uncaughtSignal { return "was ended by signal \(status)" }
        return status == 127 ? "was not found" : "ended with status \(status)"
    }

    private func waitForEnd(seconds: Double) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while process.isRunning, .now < deadline { usleep(1000) }
    }
}
