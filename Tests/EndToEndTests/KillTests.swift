import Foundation
import Testing

extension OneAtATime {
    /// Runs that are killed again and again end as the run that was left alone.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct KillTests {
        /// SIGKILLs while the program starts, and at random moments of the next few steps: within
        /// a rollout, between passes over one, while a checkpoint is written.
        @Test(.timeLimit(.minutes(10)), arguments: [(TrainingCommand.Method.sft, 20), (.ppo, 6)])
        func killedRunsEndBitEqual(method: TrainingCommand.Method, times: Int) throws {
            let command = try TrainingCommand(method)
            let whole = try command.start("reference").wait()
            try #require(whole.status == 0, "\(whole.errors)")
            var moments = RandomMoments(seed: 11)
            var kills = 0
            var round = 0
            while kills < times {
                round += 1
                let name = "killed-\(round)"
                while kills < times, try kill(command, name, &moments) { kills += 1 }
                // The last run, and one whose program was faster than its kill, are whole.
                if !command.program.exists("\(name)/adapter") {
                    let last = try command.start(name).wait()
                    try #require(last.status == 0, "\(last.errors)")
                }
                try command.expectEqual(name, to: "reference")
            }
        }

        /// Starts the run or goes on with it, and kills it; false where it ended before.
        private func kill(
            _ command: TrainingCommand, _ name: String, _ moments: inout RandomMoments
        ) throws -> Bool {
            let target = command.progress(name) + moments.next(below: 4)
            let running = try command.start(name)
            if running.wait(until: { command.progress(name) >= target }) {
                usleep(UInt32(moments.next(below: 400_000)))
            }
            running.send(SIGKILL)
            let result = try running.wait()
            try #require(result.wasKilled || result.status == 0, "\(result.errors)")
            return result.wasKilled
        }
    }
}

/// A linear congruential generator (Knuth's MMIX).
private struct RandomMoments {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below bound: UInt64) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % bound)
    }
}
