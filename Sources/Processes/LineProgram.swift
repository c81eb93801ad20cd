import Foundation

/// A child process that answers lines with lines, asked by the thread that waits for the answers.
/// Not to be used after it has thrown.
package final class LineProgram {
    private let child: RunningChild
    private let pipes = (input: Pipe(), output: Pipe())
    private let input: PipeEnd
    private let output: PipeEnd
    /// What was read and is not yet a whole line.
    private var buffer: [UInt8] = []
    private static let longestLine = 65_536
    private static let newline = UInt8(ascii: "\n")

    /// Starts it.
    ///
    /// - Parameter stderrFile: where its standard error is appended, readable by the user alone;
    ///   nil discards it.
    /// - Throws: `.cannotStart`.
    package init(_ program: ChildProgram, stderrFile: String?) throws(LineProgramError) {
        input = PipeEnd(pipes.input.fileHandleForWriting)
        output = PipeEnd(pipes.output.fileHandleForReading)
        let errors = try stderrFile.map(Self.stderr)
        defer { if let errors { close(errors) } }
        let theirs = (
            input: pipes.input.fileHandleForReading, output: pipes.output.fileHandleForWriting
        )
        for handle in [theirs.input, theirs.output] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        defer {
            try? theirs.input.close()
            try? theirs.output.close()
        }
        do {
            child = try RunningChild(
                program, input: theirs.input.fileDescriptor, output: theirs.output.fileDescriptor,
                errors: errors)
        } catch {
            throw .cannotStart("\(error)")
        }
    }

    private static func stderr(_ file: String) throws(LineProgramError) -> Int32 {
        let descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotStart("\(file): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// Writes lines and hands on as many, each without its line end.
    ///
    /// Both directions go on at once, so that neither side waits for the other's full pipe.
    ///
    /// - Parameters:
    ///   - lines: each with its line end.
    ///   - timeout: the longest wait for one answer, in seconds.
    package func exchange(
        _ lines: ArraySlice<[UInt8]>,
        timeout: Double,
        answer: (ArraySlice<UInt8>) throws(LineProgramError) -> Void
    ) throws(LineProgramError) {
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
    package func stop() {
        try? pipes.input.fileHandleForWriting.close()
        if child.wait(for: .milliseconds(200)) == nil {
            child.endAtOnce()
            _ = child.wait(for: .seconds(5))
        }
        try? pipes.output.fileHandleForReading.close()
    }
}

extension LineProgram {
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
    private func completeLines() throws(LineProgramError) -> [ArraySlice<UInt8>] {
        guard let bytes = output.receive(atMost: Self.longestLine) else { throw .ended(ending) }
        buffer += bytes
        let whole = (buffer.lastIndex(of: Self.newline) ?? -1) + 1
        let lines = buffer[..<whole].split(
            separator: Self.newline, omittingEmptySubsequences: false)
        buffer.removeFirst(whole)
        if buffer.count > Self.longestLine { throw .lineTooLong }
        return lines.dropLast()
    }

    /// How it ended, as the middle of a sentence.
    private var ending: String {
        switch child.wait(for: .seconds(1))?.status {
        case nil: "closed its output"
        case .signaled(let number): "was ended by signal \(number)"
        case .exited(127): "was not found"
        case .exited(let code): "ended with status \(code)"
        }
    }
}
