import Foundation
import Processes

/// Starts a program and waits for its end, by a task or by a thread, until it is killed itself:
/// `child-starter task|thread GRACE PROGRAM [ARGUMENT ...]`, the grace in milliseconds.
@main
struct ChildStarter {
    static func main() async throws {
        let words = CommandLine.arguments
        let child = ChildProgram(
            program: words[3], arguments: Array(words[4...]),
            grace: .milliseconds(Int(words[2]) ?? 0))
        if words[1] == "task" {
            let (input, hold) = AsyncStream.makeStream(of: String.self)
            _ = try await child.run(input: input)
            hold.finish()
        } else {
            let running = try RunningChild(child)
            while running.wait(for: .seconds(60)) == nil {}
        }
    }
}
