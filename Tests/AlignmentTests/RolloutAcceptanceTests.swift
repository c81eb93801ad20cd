import Foundation
import Objectives
import Rewards
import Testing

@testable import Alignment

/// What is counted over rollouts changes with accepted steps only.
struct RolloutAcceptanceTests {
    private let names = ["r"]

    private var statistics: RolloutStatistics {
        RolloutStatistics(
            monitor: RewardMonitor(names: names, groupSize: 2, watchedGroups: 1),
            agreement: SamplingAgreement(device: .cpu))
    }

    private var scores: RewardScores {
        RewardScores(names: names, weights: [1], columns: [[1, 1]])
    }

    @Test func proposalsWait() {
        var memory = RolloutMemory<Int>(statistics)
        var proposed = memory.statistics
        proposed.record(scores)
        #expect(proposed.alarms.count == 1)
        memory.begin(0, [1, 2], values: [:], proposed: proposed)
        // A step that is left out: nothing is counted, and the alarm is told by the next.
        #expect(memory.watched(["kl": 0.6], entropy: 1).alarms.count == 2)
        #expect(memory.statistics == statistics)
        let next = memory.watched([:], entropy: 1)
        #expect(next.alarms == proposed.alarms)
        memory.accept(next.proposed)
        #expect(memory.statistics.monitor == proposed.monitor)
        #expect(memory.watched([:], entropy: 1).alarms.isEmpty)
        // A rollout of which no step was accepted leaves nothing behind.
        memory.begin(1, [], values: [:], proposed: proposed)
        memory.begin(2, [], values: [:], proposed: memory.statistics)
        memory.accept(memory.watched([:], entropy: 1).proposed)
        #expect(memory.statistics.monitor == proposed.monitor)
    }

    /// Log-probabilities that are no numbers: every step is left out, and monitor, watch and the
    /// weight of the divergence are those of before.
    @Test func rolloutsThatAreNoNumbers() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try fixture.ppo("run") {
            $0.settings.maxSteps = 2
            $0.method.own.klTarget = 0.1
            $0.method.own.klHorizon = 1
        }
        trainer.sampler.disturb { _ in .nan }
        let before = trainer.memory.value.statistics
        #expect(throws: TrainingError.self) { try fixture.finish(trainer) }
        #expect(trainer.memory.value.statistics == before)
        // The same run with numbers counts.
        let sound = try fixture.ppo("sound") {
            $0.settings.maxSteps = 2
            $0.method.own.klTarget = 0.1
            $0.method.own.klHorizon = 1
        }
        try fixture.finish(sound)
        #expect(sound.memory.value.statistics != before)
        #expect(sound.memory.value.statistics.controller != before.controller)
    }
}
