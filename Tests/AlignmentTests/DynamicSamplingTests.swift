import Foundation
import Generation
import Records
import Testing

@testable import Alignment

struct DynamicSamplingTests {
    /// No answer is ever exact, so that every group is flat: two prompts are replaced by two of
    /// the other four, these by the last two, and then there is none left. None is drawn twice.
    @Test func promptsAreNotDrawnAgain() throws {
        let fixture = try MethodFixture.policy()
        fixture.rewards = [.object(["type": .string("answer"), "mode": .string("exact")])]
        let trainer = try fixture.grpo("run") {
            $0.settings.maxSteps = 1
            $0.settings.perDeviceTrainBatchSize = 4
            $0.method.own.dynamicSamplingRounds = 5
        }
        var drawn: [[[Int32]]] = []
        let plain = trainer.sampler.generate
        trainer.sampler.generate = { model, width, requests in
            drawn.append(requests.map(\.tokens))
            return try plain(model, width, requests)
        }
        try fixture.finish(trainer)
        #expect(drawn.map(\.count) == [2, 2, 2])
        #expect(Set(drawn.joined()).count == 6)
        #expect(try fixture.run("run").values("frac_reward_zero_std") == [1])
    }

    /// More flat groups than other prompts: as many are replaced as there are.
    @Test func fewerOthersThanFlatGroups() throws {
        let fixture = try MethodFixture.policy()
        fixture.rewards = [.object(["type": .string("answer"), "mode": .string("exact")])]
        let trainer = try fixture.grpo("run") {
            $0.settings.maxSteps = 1
            $0.settings.perDeviceTrainBatchSize = 8
            $0.method.own.dynamicSamplingRounds = 2
        }
        var counts: [Int] = []
        let plain = trainer.sampler.generate
        trainer.sampler.generate = { model, width, requests in
            counts.append(requests.count)
            return try plain(model, width, requests)
        }
        try fixture.finish(trainer)
        #expect(counts == [4, 2])
        #expect(trainer.memory.value.items.count == 4)
    }
}
