import Foundation
import TestSupport
import Testing

@testable import Processes

/// No child outlives who started it, however that ends.
struct ParentEndTests {
    private let starter = (Bundle.main.executableURL ?? URL(filePath: "/"))
        .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "child-starter")

    /// Starts the starter, waits until its child has written a file, and ends it by a signal.
    private func end(
        _ how: String, _ script: Script, grace: Int, signal number: Int32 = SIGKILL
    ) async throws {
        let process = Process()
        process.executableURL = starter
        process.arguments = [how, "\(grace)"] + script.words
        try process.run()
        #expect(await eventually { script.text("started") != nil })
        #expect(script.numbers("processes").allSatisfy(isAlive))
        kill(process.processIdentifier, number)
        process.waitUntilExit()
    }

    /// A child that heeds no signal, with a child of its own.
    @Test(arguments: ["task", "thread"], [SIGKILL, SIGTERM])
    func nothingOutlivesItsParent(how: String, signal: Int32) async throws {
        let script = try Script(
            """
            trap '' TERM INT HUP
            sleep 300 &
            echo $$ > "$HERE/processes"
            echo $! >> "$HERE/processes"
            echo > "$HERE/started"
            while :; do sleep 0.05; done
            """)
        try await end(how, script, grace: 200, signal: signal)
        let processes = script.numbers("processes")
        #expect(processes.count == 2)
        #expect(await eventually { !processes.contains(where: isAlive) })
    }

    /// One that heeds SIGTERM has its grace to write what it must.
    @Test(arguments: ["task", "thread"])
    func aChildMayEndWell(how: String) async throws {
        let script = try Script(
            """
            # The shell would say that a signal came, to nobody.
            exec 2> /dev/null
            trap 'sleep 0.3; echo saved > "$HERE/saved"; exit' TERM
            echo $$ > "$HERE/processes"
            echo > "$HERE/started"
            while :; do sleep 0.05; done
            """)
        try await end(how, script, grace: 20_000)
        #expect(await eventually { !script.numbers("processes").contains(where: isAlive) })
        #expect(script.text("saved") == "saved\n")
    }

    /// Where the supervisor is killed, so is the program.
    @Test func theSupervisorTakesTheProgramWithIt() async throws {
        let script = try Script("trap '' TERM; echo $$ $PPID; while :; do sleep 0.05; done")
        let heard = Heard()
        let ending = try await script.program().run(output: { line in
            await heard.add(line)
            let numbers = line.split(separator: " ").compactMap { Int32($0) }
            kill(numbers[1], SIGKILL)
        })
        #expect(ending.status == .signaled(SIGKILL))
        let numbers = try #require(await heard.lines.first).split(separator: " ")
        let program = try #require(Int32(numbers[0]))
        #expect(await eventually { !isAlive(program) })
    }
}
