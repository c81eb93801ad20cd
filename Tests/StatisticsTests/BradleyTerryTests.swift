import Foundation
import Statistics
import Testing

struct BradleyTerryTests {
    // Four wins of four, and the prior's half win each way: 4.5 to 0.5, so strengths 9 to 1.
    @Test func twoSystemsByHand() {
        let wins = [PairedComparison](repeating: .init(0, 1, .first), count: 4)
        let fit = BradleyTerry(count: 2, comparisons: wins)
        #expect(isClose(fit.scores[0], log(3)) && isClose(fit.scores[1], -log(3)))
        #expect(isClose(fit.winProbability(of: 0, over: 1), 0.9))
        #expect(isClose(fit.winProbability(of: 1, over: 0), 0.1))
    }

    @Test func aTieIsHalfAWinEach() {
        let ties = BradleyTerry(
            count: 3, comparisons: [.init(0, 1, .tie), .init(0, 1, .tie), .init(2, 1, .second)])
        let wins = BradleyTerry(
            count: 3, comparisons: [.init(0, 1, .first), .init(1, 0, .first), .init(1, 2, .first)])
        for (tie, win) in zip(ties.scores, wins.scores) { #expect(isClose(tie, win)) }
    }

    @Test func agreesWithChoix() throws {
        for reference in try AgreementReference.load().bradleyTerry {
            let fit = BradleyTerry(count: reference.count, comparisons: comparisons(reference))
            for (score, expected) in zip(fit.scores, reference.scores) {
                #expect(isClose(score, expected, within: 1e-7))
            }
        }
    }

    // At the maximum every system's wins are those that the model expects, the prior included.
    @Test func winsAreThoseExpected() throws {
        let reference = try #require(try AgreementReference.load().bradleyTerry.first)
        let games = comparisons(reference)
        let fit = BradleyTerry(count: reference.count, comparisons: games)
        let prior = 1 / Double(reference.count - 1)
        for system in 0..<reference.count {
            var wins = 0.5
            var expected = 0.0
            for other in 0..<reference.count where other != system {
                expected += prior * fit.winProbability(of: system, over: other)
            }
            for game in games where [game.first, game.second].contains(system) {
                let other = game.first == system ? game.second : game.first
                expected += fit.winProbability(of: system, over: other)
                let won = game.outcome == (game.first == system ? .first : .second)
                wins += game.outcome == .tie ? 0.5 : (won ? 1 : 0)
            }
            #expect(isClose(expected, wins, within: 1e-7))
        }
    }

    // Each beats the next: no one is best.
    @Test func aCircleHasNoBest() {
        let circle = [(0, 1), (1, 2), (2, 0)].map { PairedComparison($0.0, $0.1, .first) }
        for score in BradleyTerry(count: 3, comparisons: circle).scores {
            #expect(isClose(score, 0))
        }
    }

    @Test func withoutComparisonsAllAreEqual() {
        let fit = BradleyTerry(count: 3, comparisons: [])
        #expect(fit.scores == [0, 0, 0] && fit.bootstrapIntervals().isEmpty)
        #expect(BradleyTerry(count: 1, comparisons: []).scores == [0])
        #expect(BradleyTerry(count: 0, comparisons: []).scores.isEmpty)
    }

    // Of n games a share p won with the prior's half win each way: score ln((np + .5)/(nq + .5))/2.
    // A resample wins Binomial(100, 0.7) games; its 2.5 % and 97.5 % quantiles are 61 and 79.
    @Test func intervalsOfTwoSystems() throws {
        let games =
            Array(repeating: PairedComparison(0, 1, .first), count: 70)
            + Array(repeating: PairedComparison(0, 1, .second), count: 30)
        let fit = BradleyTerry(count: 2, comparisons: games)
        let intervals = fit.bootstrapIntervals(resamples: 2_000, seed: 2)
        let first = try #require(intervals.first)
        let score = { (wins: Double) in log((wins + 0.5) / (100 - wins + 0.5)) / 2 }
        #expect(score(60) <= first.lower && first.lower <= score(62))
        #expect(score(78) <= first.upper && first.upper <= score(80))
        // The scores of two systems are opposite, and so are their intervals.
        #expect(isClose(intervals[1].lower, -first.upper))
        #expect(fit.bootstrapIntervals(resamples: 50, seed: 2) != intervals)
        #expect(
            fit.bootstrapIntervals(resamples: 50, seed: 2)
                == fit.bootstrapIntervals(resamples: 50, seed: 2))
    }

    private func comparisons(_ games: AgreementReference.Games) -> [PairedComparison] {
        games.comparisons.map { PairedComparison($0.first, $0.second, $0.outcome) }
    }
}
