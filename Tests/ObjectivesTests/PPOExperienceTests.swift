import Foundation
import Objectives
import Testing

/// Rewards, advantages and returns of PPO, and the control of its divergence.
struct PPOExperienceTests {
    @Test func rewardsByHand() {
        // log pi - log ref = 1, -2; k = 0.1, score 3
        let rewards = PPORewards(missingEOSPenalty: 0.5)
        let finished = rewards(
            score: 3, policy: [-1, -3], reference: [-2, -1], hasEndOfTurn: true,
            klCoefficient: 0.1)
        #expect(agree(finished.tokens, [-0.1, 3.2]))
        #expect((finished.score, finished.divergence) == (3, -1))
        let cut = rewards(
            score: 3, policy: [-1], reference: [-2], hasEndOfTurn: false, klCoefficient: 0.1)
        #expect(agree(cut.tokens, [2.4]))
        #expect(cut.score == 2.5)
    }

    @Test func advantagesByHand() {
        // gamma 1/2, lambda 1/2; V = 1, 2, 4, r = 0, 0, 8:
        // delta = 0 + 1 - 1 = 0, 0 + 2 - 2 = 0, 8 - 4 = 4; A = 4, 4/4, 1/4
        let (advantages, returns) = GeneralizedAdvantages(gamma: 0.5, lambda: 0.5)(
            rewards: [0, 0, 8], values: [1, 2, 4])
        #expect(advantages == [0.25, 1, 4])
        #expect(returns == [1.25, 3, 8])
    }

    @Test func whiteningByHand() {
        // Mean 2, variance ((-2)^2 + 0 + 2^2) / 2 = 4
        #expect(agree(whitened([0, 2, 4]), [-1, 0, 1]))
        #expect(agree(whitened([0, 2, 4], shiftsMean: false), [1, 2, 3]))
        #expect(whitened([5]) == [0])
        #expect(whitened([]).isEmpty)
    }

    @Test func controllerByHand() {
        var fixed = KLController(coefficient: 0.05)
        fixed.update(divergence: 100, episodes: 64)
        #expect(fixed.coefficient == 0.05)
        // Errors 6.6 / 6 - 1 = 0.1 and one limited to -0.2, over a tenth of the horizon:
        // 0.2 * 1.01 * 0.98
        var adaptive = KLController(
            coefficient: 0.2, target: .init(divergence: 6, horizon: 1000))
        adaptive.update(divergence: 6.6, episodes: 100)
        #expect(agree(adaptive.coefficient, 0.202))
        adaptive.update(divergence: -1, episodes: 100)
        #expect(agree(adaptive.coefficient, 0.19796))
        adaptive.update(divergence: .nan, episodes: 100)
        #expect(agree(adaptive.coefficient, 0.19796))
    }

    /// TRL's is a padded batch; here each completion is alone.
    @Test func agreesWithTRL() throws {
        for reference in try fixture("ppo", as: File.self).experience {
            let rewards = PPORewards(
                estimator: reference.estimator, missingEOSPenalty: reference.penalty)
            let shaped = reference.completions.map { completion in
                rewards(
                    score: reference.scores[completion],
                    policy: reference.part(reference.policy, completion),
                    reference: reference.part(reference.reference, completion),
                    hasEndOfTurn: reference.finished[completion],
                    klCoefficient: reference.coefficient)
            }
            #expect(agree(shaped.flatMap(\.tokens), reference.shapedRewards))
            #expect(agree(shaped.map(\.divergence), reference.divergences))
            #expect(agree(shaped.map(\.score), reference.finalScores))
            let flat = shaped.flatMap(\.tokens)
            let final = reference.whitensRewards ? whitened(flat, shiftsMean: false) : flat
            #expect(agree(final, reference.rewards))
            let estimator = GeneralizedAdvantages(gamma: reference.gamma, lambda: reference.lambda)
            let results = reference.completions.map { completion in
                estimator(
                    rewards: reference.part(final, completion),
                    values: reference.part(reference.values, completion))
            }
            #expect(agree(results.flatMap(\.returns), reference.returns))
            #expect(agree(whitened(results.flatMap(\.advantages)), reference.advantages))
        }
    }

    private struct File: Decodable { let experience: [Case] }

    private struct Case: Decodable {
        let lengths: [Int], policy: [Double], reference: [Double], values: [Double]
        let scores: [Double], finished: [Bool], estimator: KLEstimator
        let coefficient: Double, gamma: Double, lambda: Double, whitensRewards: Bool
        let penalty: Double, shapedRewards: [Double], rewards: [Double]
        let returns: [Double], advantages: [Double], divergences: [Double], finalScores: [Double]

        var completions: Range<Int> { lengths.indices }

        func part(_ tokens: [Double], _ completion: Int) -> [Double] {
            Array(tokens[Ragged(lengths: lengths).tokens(completion..<completion + 1)])
        }
    }
}
