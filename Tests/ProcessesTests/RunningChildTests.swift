import Foundation
import TestSupport
import Testing

@testable import Processes

/// Children that a thread waits for.
struct RunningChildTests {
    @Test func streamsAreTheFilesThatAreGiven() throws {
        let script = try Script("read -r line; echo \"out $line\"; echo err >&2; exit 3")
        let files = ["in", "out", "err"].map { script.folder.appending(path: $0).path }
        try "text\n".write(toFile: files[0], atomically: true, encoding: .utf8)
        let descriptors = files.map { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        defer { for descriptor in descriptors { close(descriptor) } }
        let child = try RunningChild(
            script.program(), input: descriptors[0], output: descriptors[1],
            errors: descriptors[2])
        #expect(child.wait(for: .seconds(20))?.status == .exited(3))
        #expect(script.text("out") == "out text\n")
        #expect(script.text("err") == "err\n")
        // The end is remembered.
        #expect(child.wait(for: .zero)?.status == .exited(3))
    }

    /// The first signal is passed on, and the end is waited for.
    @Test(arguments: [(SIGINT, "INT"), (SIGTERM, "TERM")])
    func signalsArePassedOn(signal: Int32, name: String) async throws {
        let script = try Script(
            """
            trap 'echo heard > "$HERE/heard"; exit 5' \(name)
            echo > "$HERE/started"
            while :; do sleep 0.05; done
            """)
        let child = try RunningChild(script.program())
        #expect(await eventually { script.text("started") != nil })
        #expect(child.wait(for: .milliseconds(50)) == nil)
        child.send(signal)
        #expect(child.wait(for: .seconds(20))?.status == .exited(5))
        #expect(script.text("heard") == "heard\n")
    }

    @Test func whatIsNotHeldAnyMoreEnds() async throws {
        let script = try Script("echo $$ > \"$HERE/processes\"; exec sleep 300")
        var child: RunningChild? = try RunningChild(script.program())
        #expect(await eventually { !script.numbers("processes").isEmpty })
        #expect(child?.wait(for: .milliseconds(50)) == nil)
        child = nil
        #expect(await eventually { !script.numbers("processes").contains(where: isAlive) })
    }

    /// More at a time than there are threads for tasks, from threads of tasks.
    @Test(.timeLimit(.minutes(1))) func waitingThreadsNeedNoOthers() async throws {
        let endings = try await withThrowingTaskGroup(of: ChildEnding?.self) { group in
            for status in 0..<16 {
                group.addTask {
                    let arguments = ["-c", "sleep 0.1; exit \(status)"]
                    return try RunningChild(ChildProgram(program: "sh", arguments: arguments))
                        .wait(for: .seconds(30))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(endings.compactMap { $0 }.count == 16)
        #expect(Set(endings.compactMap { $0?.status }).count == 16)
    }
}
