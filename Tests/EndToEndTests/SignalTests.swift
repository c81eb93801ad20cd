import Foundation
import Testing

extension OneAtATime {
    /// SIGINT and SIGTERM end a run with a checkpoint.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct SignalTests {
        @Test func stoppedRunsGoOnBitByBit() throws {
            let command = try TrainingCommand()
            let reference = try command.start("reference").wait()
            #expect(reference.status == 0)
            #expect(reference.output == "reference/adapter\n")
            for (signal, name) in [(SIGINT, "interrupted"), (SIGTERM, "terminated")] {
                let running = try command.start(name)
                #expect(running.wait(until: { command.progress(name) >= 3 }))
                running.send(signal)
                let result = try running.wait()
                #expect(result.status == 0 && result.output.isEmpty)
                try expectStopped(command, name, result.errors)
                let resumed = try command.start(name).wait()
                #expect(resumed.status == 0 && resumed.output == "\(name)/adapter\n")
                try command.expectEqual(name, to: "reference")
            }
        }

        private func expectStopped(
            _ command: TrainingCommand, _ name: String, _ errors: String
        ) throws {
            let match = errors.firstMatch(
                of: #/stopped after step (\d+); go on with --resume \((\w+)\)/#)
            let stop = try #require(match)
            #expect(String(stop.2) == name)
            let step = try #require(Int(stop.1))
            #expect((2..<TrainingCommand.steps).contains(step))
            let files = try command.program.names(in: name)
            #expect(files.contains("checkpoint-\(step)") && !files.contains("adapter"))
        }

        /// A run is neither started over by accident nor resumed by another recipe.
        @Test func runsAreNotMixed() throws {
            let program = try TrainingCommand().program
            let arguments = ["sft", "recipe.yaml", "--threads", "2", "--output_dir", "run"]
            let short = arguments + ["--max_steps", "1"]
            let early = try program.start(short + ["--resume"]).wait()
            #expect(early.status == 1)
            #expect(early.errors.hasSuffix("run holds no run to resume\n"))
            #expect(try program.start(short).wait().status == 0)
            let again = try program.start(short).wait()
            #expect(again.status == 1 && again.errors.contains("already holds a run"))
            let other = try program.start(arguments + ["--resume", "--seed=1"]).wait()
            #expect(other.status == 1 && other.errors.contains("recipe (max_steps, seed)"))
        }
    }
}
