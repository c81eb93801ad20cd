import Objectives
import Records
import Testing
import Torch
import TorchTestSupport

@testable import Serving

struct RankingTests {
    private func ranking(_ ranks: [Int]) throws(JudgeFault) -> Ranking {
        try Ranking(
            EngineJudge(
                adapter: nil, reference: nil, prompt: [], completions: ranks.map { "\($0)" },
                ranks: ranks))
    }

    /// Best 1, middle 1/2, worst 0. Mean 1/2, sample deviation 1/2: advantages 0.5 / 0.5001.
    @Test func threeRanks() throws {
        let ranking = try ranking([2, 1, 3])
        #expect(ranking.rewards == [0.5, 1, 0])
        #expect(ranking.pairs.map { [$0.chosen, $0.rejected] } == [[0, 2], [1, 0], [1, 2]])
        for (found, expected) in zip(ranking.advantages, [0, 0.5 / 0.5001, -0.5 / 0.5001]) {
            #expect(abs(found - expected) < 1e-9)
        }
    }

    /// The two tied at the top take places 0 and 1, on average 1/2 of the way 0 to 2: 1 - 1/4.
    @Test func tiesShareTheirPlaces() throws {
        let ranking = try ranking([1, 1, 2])
        #expect(ranking.rewards == [0.75, 0.75, 0])
        #expect(ranking.pairs.map { [$0.chosen, $0.rejected] } == [[0, 2], [1, 2]])
    }

    @Test func allTiedTeachNothing() throws {
        let ranking = try ranking([1, 1])
        #expect(ranking.pairs.isEmpty && ranking.advantages == [0, 0])
        #expect(ranking.rewards == [0.5, 0.5])
    }

    /// Rewards 0.1 (2, 1, 0): margins 0.1, 0.2, 0.1, and of each -log sigmoid.
    @Test func lossOfAllPairs() throws {
        startEngine()
        let ranking = try ranking([1, 2, 3])
        let result = try ranking.loss(
            PreferenceLoss(beta: 0.1), policy: Tensor([Float(-3), -4, -5]),
            reference: [-5, -5, -5])
        let losses = try #require(result).losses.values(Double.self)
        let expected = [0.6443967, 0.5981389, 0.6443967]
        for (found, wanted) in zip(losses, expected) { #expect(abs(found - wanted) < 1e-6) }
    }

    @Test func misfitsAreErrors() {
        #expect(throws: JudgeFault.rank) { try ranking([0, 1]) }
        #expect(throws: JudgeFault.count(ranks: 0, completions: 0)) { try ranking([]) }
    }
}
