import Foundation
import TestSupport
import Testing

@testable import Processes

/// Children that tasks talk to.
struct ChildProgramTests {
    private static func lines(_ lines: [String]) -> AsyncStream<String> {
        AsyncStream { stream in
            for line in lines { stream.yield(line) }
            stream.finish()
        }
    }

    @Test func linesGoBothWays() async throws {
        let script = try Script("while read -r line; do echo \"<$line>\"; done; exit 4")
        let heard = Heard()
        let ending = try await script.program().run(
            input: Self.lines(["one", "", "three"]), output: { await heard.add($0) })
        #expect(await heard.lines == ["<one>", "<>", "<three>"])
        #expect(ending.status == .exited(4))
        #expect(ending.description == "ended with status 4")
    }

    /// Arguments reach the program as they are.
    @Test func argumentsArePassedOn() async throws {
        let heard = Heard()
        let child = ChildProgram(program: "printf", arguments: ["%s\\n", "a b", "", "-n", "$HOME"])
        _ = try await child.run(output: { await heard.add($0) })
        #expect(await heard.lines == ["a b", "", "-n", "$HOME"])
    }

    @Test func nicenessIsAddedToThatOfThisProcess() async throws {
        var words: [Int] = []
        for niceness in [0, 7] {
            let heard = Heard()
            let child = ChildProgram(program: "nice", arguments: [], niceness: niceness)
            _ = try await child.run(output: { await heard.add($0) })
            words.append(try #require(await heard.lines.first.flatMap { Int($0) }))
        }
        #expect(words[1] == min(19, words[0] + 7))
    }

    /// Its own: neither what this process holds, nor what another child held before.
    @Test func peakMemoryIsTheChildsOwn() async throws {
        let held = [UInt8](repeating: 1, count: 96 << 20)
        let large = ChildProgram(
            program: "dd", arguments: ["if=/dev/zero", "of=/dev/null", "bs=160M", "count=1"])
        let small = ChildProgram(program: "true", arguments: [])
        let peaks = try await [large.run().peakMemoryBytes, small.run().peakMemoryBytes]
        #expect(peaks[0] > 160 << 20)
        #expect((1..<32 << 20).contains(peaks[1]))
        let waiting = try [large, small].map {
            try #require(RunningChild($0).wait(for: .seconds(60))).peakMemoryBytes
        }
        #expect(waiting[0] > 160 << 20)
        #expect((1..<32 << 20).contains(waiting[1]))
        withExtendedLifetime(held) {}
    }

    @Test func stderrTailIsBounded() async throws {
        let script = try Script(
            """
            i=0; while [ $i -lt 3000 ]; do i=$((i+1)); printf '%0500d\\n' $i >&2; done
            printf 'half\\rthe last' >&2; exit 1
            """)
        let tail = try await script.program().run().stderrTail
        #expect(tail.hasSuffix("\nhalf\nthe last"))
        #expect(tail.utf8.count <= StderrTail.bytes)
        #expect(tail.split(separator: "\n").count <= StderrTail.lines)
        #expect(tail.utf8.count > StderrTail.bytes / 2)
    }

    @Test func stderrTailIsOfWholeText() {
        #expect(StderrTail.text(of: []) == "")
        let lines = (1...20).map { "line \($0)" }
        let tail = StderrTail.text(of: Array(lines.joined(separator: "\n\n").utf8))
        #expect(tail == lines.suffix(12).joined(separator: "\n"))
        #expect(StderrTail.text(of: Array("a\u{1B}[31mb\u{7}\n".utf8)) == "a[31mb")
    }

    /// SIGTERM first; what heeds it is not killed.
    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func cancellingEndsIt(heedsSignals: Bool) async throws {
        let trap = heedsSignals ? "echo ended > \"$HERE/ended\"; exit" : ""
        let script = try Script(
            """
            # The shell would say that a signal came, to nobody.
            exec 2> /dev/null
            trap '\(trap)' TERM
            sleep 300 &
            echo $$ > "$HERE/processes"; echo $! >> "$HERE/processes"; echo > "$HERE/started"
            while :; do sleep 0.05; done
            """)
        let (input, hold) = AsyncStream.makeStream(of: String.self)
        let child = script.program(grace: heedsSignals ? .seconds(20) : .milliseconds(200))
        let run = Task { try await child.run(input: input) }
        #expect(await eventually { script.text("started") != nil })
        let start = ContinuousClock.now
        run.cancel()
        _ = try? await run.value
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect((script.text("ended") != nil) == heedsSignals)
        #expect(await eventually { !script.numbers("processes").contains(where: isAlive) })
        hold.finish()
    }

    /// Whoever hears its lines or watches it ends it by an error.
    @Test(.timeLimit(.minutes(1))) func anErrorEndsIt() async throws {
        struct Refusal: Error {}
        let script = try Script("echo $$ > \"$HERE/processes\"; echo a; exec sleep 300")
        await #expect(throws: Refusal.self) {
            try await script.program().run(output: { _ in throw Refusal() })
        }
        #expect(!script.numbers("processes").contains(where: isAlive))
        await #expect(throws: Refusal.self) {
            try await script.program().run(watch: {
                try await Task.sleep(for: .milliseconds(100))
                throw Refusal()
            })
        }
        #expect(!script.numbers("processes").contains(where: isAlive))
    }

    /// One that closes its output and stays has its grace, and one that reads nothing is no error.
    @Test(.timeLimit(.minutes(1))) func whatClosesItsPipesIsEnded() async throws {
        let script = try Script("exec <&- >&-; sleep 300")
        let line = String(repeating: "x", count: 1 << 20)
        let ending = try await script.program(grace: .milliseconds(200))
            .run(input: Self.lines([line, line]))
        #expect(ending.status == .signaled(SIGKILL))
    }

    /// What a program has started and left holds its output open no longer than it.
    @Test(.timeLimit(.minutes(1))) func whatItHasStartedEndsWithIt() async throws {
        let script = try Script("sleep 300 & echo $! > \"$HERE/processes\"; exit 3")
        let ending = try await script.program().run()
        #expect(ending.status == .exited(3))
        #expect(await eventually { !script.numbers("processes").contains(where: isAlive) })
    }

    @Test(arguments: [("/nonexistent/program", 127), ("/", 126)])
    func whatCannotBeRunIsNamed(program: String, status: Int32) async throws {
        let ending = try await ChildProgram(program: program, arguments: []).run()
        #expect(ending.status == .exited(status))
        #expect(ending.stderrTail.hasPrefix("\(program): "))
    }
}
